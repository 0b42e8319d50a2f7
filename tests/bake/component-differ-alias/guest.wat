;; Two instances of a component that instantiates a component from outside of it, which become two: so does the component around.
;; init: init(5)
;; call: one() two()
(component
  (component $inner
    (core module $guest
      (global $n (mut i32) (i32.const 1))
      (func (export "init") (param i32) (global.set $n (local.get 0)))
      (func (export "get") (result i32) (global.get $n)))
    (core instance $guest (instantiate $guest))
    (func (export "init") (param "n" u32) (canon lift (core func $guest "init")))
    (func (export "get") (result u32) (canon lift (core func $guest "get"))))
  (component $outer
    (alias outer 1 $inner (component $aliased))
    (instance $inner (instantiate $aliased))
    (export "inner" (instance $inner)))
  (instance $one (instantiate $outer))
  (instance $two (instantiate $outer))
  (alias export $one "inner" (instance $inner-one))
  (alias export $two "inner" (instance $inner-two))
  (export "init" (func $inner-two "init"))
  (export "one" (func $inner-one "get"))
  (export "two" (func $inner-two "get")))
