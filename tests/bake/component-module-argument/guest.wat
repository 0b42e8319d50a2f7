;; A module that is passed to a component as an argument, and a component that is passed on as well: all instances are the same.
;; call: get()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5)))
    (func (export "get") (result i32) (global.get $n)))
  (component $inner
    (import "module" (core module $guest
      (export "init" (func))
      (export "get" (func (result i32)))))
    (core instance $guest (instantiate $guest))
    (func (export "init") (canon lift (core func $guest "init")))
    (func (export "get") (result u32) (canon lift (core func $guest "get"))))
  (instance $inner (instantiate $inner (with "module" (core module $guest))))
  (export "wizer-initialize" (func $inner "init"))
  (export "get" (func $inner "get")))
