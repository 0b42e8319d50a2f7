;; A core function is lifted twice in the same way, and once more as another type. The init function is one of the two.
;; call: other() get()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 0))
    (func (export "init") (global.set $n (i32.add (global.get $n) (i32.const 1))))
    (func (export "get") (result i32) (global.get $n)))
  (core instance $guest (instantiate $guest))
  (func $init (canon lift (core func $guest "init")))
  (func $other (canon lift (core func $guest "init")))
  (func $get (result u32) (canon lift (core func $guest "get")))
  (export "wizer-initialize" (func $init))
  (export "get" (func $get))
  (export "other" (func $other)))
