;; Names of functions whose indices move.
;; call: first() second()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5)))
    (func (export "get") (result i32) (global.get $n)))
  (core instance $guest (instantiate $guest))
  (alias core export $guest "init" (core func $init))
  (alias core export $guest "get" (core func $get))
  (func $run (canon lift (core func $init)))
  (export $exported "wizer-initialize" (func $run))
  (func $first (result u32) (canon lift (core func $get)))
  (func $second (result u32) (canon lift (core func $get)))
  (export "first" (func $first))
  (export "second" (func $second)))
