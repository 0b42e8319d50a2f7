;; A component: memory, global and table of its module are as init left them. The init function's export goes, with its lift, its
;; alias and the core export.
;; call: get() add(3) get()
(component
  (core module $guest
    (memory (export "memory") 1)
    (global $calls (mut i32) (i32.const 1))
    (table 4 funcref)
    (elem declare func $answer)
    (func $answer (result i32) (i32.const 77))
    (func (export "init")
      (i32.store (i32.const 8) (i32.const 42))
      (global.set $calls (i32.const 5))
      (table.set (i32.const 2) (ref.func $answer)))
    (func (export "add") (param i32) (global.set $calls (i32.add (global.get $calls) (local.get 0))))
    (func (export "get") (result i32)
      (i32.add (i32.add (i32.load (i32.const 8)) (global.get $calls)) (call_indirect (result i32) (i32.const 2)))))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "add") (param "n" u32) (canon lift (core func $guest "add")))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
