;; A component that is instantiated three times, and whose instances differ after init: it becomes two.
;; call: one() two() three()
(component
  (component $guest
    (core module $guest
      (global $n (mut i32) (i32.const 1))
      (func (export "set") (param i32) (global.set $n (local.get 0)))
      (func (export "get") (result i32) (global.get $n)))
    (core instance $guest (instantiate $guest))
    (func (export "set") (param "n" u32) (canon lift (core func $guest "set")))
    (func (export "get") (result u32) (canon lift (core func $guest "get"))))
  (component $init
    (import "one" (func $one (param "n" u32)))
    (import "three" (func $three (param "n" u32)))
    (core func $one (canon lower (func $one)))
    (core func $three (canon lower (func $three)))
    (core module $init
      (import "" "one" (func $one (param i32)))
      (import "" "three" (func $three (param i32)))
      (func (export "init") (call $one (i32.const 5)) (call $three (i32.const 5))))
    (core instance $init (instantiate $init (with "" (instance
      (export "one" (func $one))
      (export "three" (func $three))))))
    (func (export "init") (canon lift (core func $init "init"))))
  (instance $one (instantiate $guest))
  (instance $two (instantiate $guest))
  (instance $three (instantiate $guest))
  (instance $init (instantiate $init (with "one" (func $one "set")) (with "three" (func $three "set"))))
  (export "wizer-initialize" (func $init "init"))
  (export "one" (func $one "get"))
  (export "two" (func $two "get"))
  (export "three" (func $three "get")))
