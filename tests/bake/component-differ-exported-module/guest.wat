;; Instances of a component that export the module inside them, which another component instantiates: two states.
;; init: init(5)
;; call: one() two()
(component
  (component $c
    (core module $guest
      (global $n (mut i32) (i32.const 1))
      (func (export "init") (param i32) (global.set $n (local.get 0)))
      (func (export "get") (result i32) (global.get $n)))
    (export "guest" (core module $guest)))
  (instance $one (instantiate $c))
  (instance $two (instantiate $c))
  (alias export $one "guest" (core module $m1))
  (alias export $two "guest" (core module $m2))
  (core instance $i1 (instantiate $m1))
  (core instance $i2 (instantiate $m2))
  (func (export "init") (param "n" u32) (canon lift (core func $i2 "init")))
  (func (export "one") (result u32) (canon lift (core func $i1 "get")))
  (func (export "two") (result u32) (canon lift (core func $i2 "get"))))
