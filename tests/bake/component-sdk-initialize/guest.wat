;; An item of the SDK in a library whose `_initialize` a start function calls, as wit-component has it: constructors run once.
;; expect: get() => 12
(component
  (core module $guest
    (memory 1)
    (global $n (mut i32) (i32.const 0))
    (global (export "__preinit_v1_armed") i32 (i32.const 16))
    (global (export "__preinit_v1_slot") i32 (i32.const 20))
    (global (export "__preinit_v1_phase") i32 (i32.const 24))
    (global (export "__preinit_v1_message") i32 (i32.const 32))
    (global (export "__preinit_v1_item_a") i32 (i32.const 64))
    (func $constructors (call $add (i32.const 1)))
    (func (export "_initialize") (call $constructors))
    (func (export "__preinit_v1_version") (result i32) (call $constructors) (i32.const 1))
    (func (export "__preinit_v1_run_a") (result i32) (call $add (i32.const 2)) (i32.const 0))
    (func $add (param i32)
      (global.set $n (i32.add (i32.mul (global.get $n) (i32.const 10)) (local.get 0))))
    (func (export "get") (result i32) (global.get $n))
    ;; size 48, kind 0, order 0, line 1, column 1, name (200, 4), file (208, 4), address 0, bytes 0, initialiser 0
    (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 200) "item    file"))
  (core module $starter (import "" "_initialize" (func $initialize)) (start $initialize))
  (core instance $guest (instantiate $guest))
  (core instance (instantiate $starter (with "" (instance $guest))))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
