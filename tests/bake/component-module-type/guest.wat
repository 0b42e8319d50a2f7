;; A module that is passed on with a type that names more exports than its instances use.
;; init: init
;; call: a()
(component
  (component $c
    (import "m" (core module $m (export "a" (func (result i32))) (export "b" (func (result i32))) (export "init" (func))))
    (core instance $i (instantiate $m))
    (func (export "init") (canon lift (core func $i "init")))
    (func (export "a") (result u32) (canon lift (core func $i "a"))))
  (core module $m
    (global (mut i32) (i32.const 0))
    (func (export "init") (global.set 0 (i32.const 4)))
    (func (export "a") (result i32) (global.get 0))
    (func (export "b") (result i32) (global.get 0)))
  (instance $c (instantiate $c (with "m" (core module $m))))
  (export "init" (func $c "init"))
  (export "a" (func $c "a")))
