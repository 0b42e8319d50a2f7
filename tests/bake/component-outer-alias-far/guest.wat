;; A module and a component that are defined two components further out, beside others of the same index there.
;; init: init
;; call: get() four()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5)))
    (func (export "get") (result i32) (global.get $n)))
  (component $four
    (core module $guest (func (export "four") (result i32) (i32.const 4)))
    (core instance $guest (instantiate $guest))
    (func (export "four") (result u32) (canon lift (core func $guest "four"))))
  (component $outer
    (core module $other (func (export "init")) (func (export "get") (result i32) (i32.const 2)))
    (component $three
      (core module $guest (func (export "four") (result i32) (i32.const 3)))
      (core instance $guest (instantiate $guest))
      (func (export "four") (result u32) (canon lift (core func $guest "four"))))
    (component $inner
      (alias outer 2 $guest (core module $guest))
      (alias outer 2 $four (component $four))
      (core instance $guest (instantiate $guest))
      (instance $four (instantiate $four))
      (func (export "init") (canon lift (core func $guest "init")))
      (func (export "get") (result u32) (canon lift (core func $guest "get")))
      (export "four" (func $four "four")))
    (instance $inner (instantiate $inner))
    (export "inner" (instance $inner)))
  (instance $outer (instantiate $outer))
  (alias export $outer "inner" (instance $inner))
  (export "init" (func $inner "init"))
  (export "get" (func $inner "get"))
  (export "four" (func $inner "four")))
