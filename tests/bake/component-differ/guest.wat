;; Two instances of one module that differ after init: the module becomes two. Later modules and instances keep their wiring.
;; call: one() two() three() set(7) one() two()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5)))
    (func (export "set") (param i32) (global.set $n (local.get 0)))
    (func (export "get") (result i32) (global.get $n)))
  (core module $other (func (export "get") (result i32) (i32.const 3)))
  (core instance $one (instantiate $guest))
  (core instance $two (instantiate $guest))
  (core instance $three (instantiate $other))
  (func (export "wizer-initialize") (canon lift (core func $one "init")))
  (func (export "set") (param "n" u32) (canon lift (core func $one "set")))
  (func (export "one") (result u32) (canon lift (core func $one "get")))
  (func (export "two") (result u32) (canon lift (core func $two "get")))
  (func (export "three") (result u32) (canon lift (core func $three "get"))))
