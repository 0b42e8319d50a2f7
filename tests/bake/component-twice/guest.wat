;; A module that is instantiated twice, and is the same both times after init.
;; call: one() two()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5)))
    (func (export "get") (result i32) (global.get $n)))
  (core module $both
    (import "one" "init" (func $one))
    (import "two" "init" (func $two))
    (func (export "init") (call $one) (call $two)))
  (core instance $one (instantiate $guest))
  (core instance $two (instantiate $guest))
  (core instance $both (instantiate $both (with "one" (instance $one)) (with "two" (instance $two))))
  (func (export "wizer-initialize") (canon lift (core func $both "init")))
  (func (export "one") (result u32) (canon lift (core func $one "get")))
  (func (export "two") (result u32) (canon lift (core func $two "get"))))
