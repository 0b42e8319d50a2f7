;; Functions that clean up after a return: they run in init as well.
;; call: get()
(component
  (core module $guest
    (memory (export "memory") 1)
    (global $cleaned (mut i32) (i32.const 0))
    (func (export "init") (result i32)
      (i32.store (i32.const 0) (i32.const 16))
      (i32.store (i32.const 4) (i32.const 2))
      (i32.store16 (i32.const 16) (i32.const 0x6968))
      (i32.const 0))
    (func (export "clean") (param i32) (global.set $cleaned (i32.add (global.get $cleaned) (i32.const 1))))
    (func (export "get") (result i32) (global.get $cleaned)))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (result string)
    (canon lift (core func $guest "init") (memory $guest "memory") (post-return (func $guest "clean"))))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
