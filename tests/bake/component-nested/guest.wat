;; A component in a component in a component: the module in the innermost one changes.
;; call: get()
(component
  (component $outer
    (component $inner
      (core module $guest
        (global $n (mut i32) (i32.const 1))
        (func (export "init") (global.set $n (i32.const 5)))
        (func (export "get") (result i32) (global.get $n)))
      (core instance $guest (instantiate $guest))
      (func (export "init") (canon lift (core func $guest "init")))
      (func (export "get") (result u32) (canon lift (core func $guest "get"))))
    (instance $inner (instantiate $inner))
    (export "init" (func $inner "init"))
    (export "get" (func $inner "get")))
  (instance $outer (instantiate $outer))
  (export "wizer-initialize" (func $outer "init"))
  (export "get" (func $outer "get")))
