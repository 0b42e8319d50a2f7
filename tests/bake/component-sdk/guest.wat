;; Items of the SDK in one instance: what never runs again there is removed there only.
;; remove-dead-code
;; expect: f() => 7
;; expect: get() => 5
(component
  (core module $sdk
    (memory 1)
    (table 2 funcref)
    (global (export "__preinit_v1_armed") i32 (i32.const 16))
    (global (export "__preinit_v1_slot") i32 (i32.const 20))
    (global (export "__preinit_v1_phase") i32 (i32.const 24))
    (global (export "__preinit_v1_message") i32 (i32.const 32))
    (global (export "__preinit_v1_item_a") i32 (i32.const 64))
    (func (export "__preinit_v1_version") (result i32) (i32.const 1))
    (func $initialiser (i32.store (i32.const 48) (i32.const 5)))
    (elem (i32.const 1) func $initialiser)
    (func (export "__preinit_v1_run_a") (result i32) (call_indirect (i32.const 1)) (i32.const 0))
    (func (export "get") (result i32) (i32.load (i32.const 48)))
    ;; size 48, kind 0, order 0, line 1, column 1, name (200, 4), file (208, 4), address 0, bytes 0, initialiser 1
    (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00")
    (data (i32.const 200) "item    file"))
  (core instance $sdk (instantiate $sdk))
  (core module $other
    (table 2 funcref)
    (global $n (mut i32) (i32.const 0))
    (func $f (result i32) (i32.const 7))
    (elem (i32.const 1) func $f)
    (func (export "f") (result i32) (call_indirect (result i32) (i32.const 1)))
    (func (export "n") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))
  (core instance $other (instantiate $other))
  (func (export "f") (result u32) (canon lift (core func $other "f")))
  (func (export "get") (result u32) (canon lift (core func $sdk "get"))))
