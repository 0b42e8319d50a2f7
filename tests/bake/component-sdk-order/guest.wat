;; Items of the SDK in two instances: constructors first, then the items of both in the order that they say. The phase is read while
;; one runs, and later.
;; expect: get() => 33421
;; expect: phases() => 21
(component
  (core module $a
    (memory 1)
    (global $n (mut i32) (i32.const 0))
    (global (export "__preinit_v1_armed") i32 (i32.const 16))
    (global (export "__preinit_v1_slot") i32 (i32.const 20))
    (global (export "__preinit_v1_phase") i32 (i32.const 24))
    (global (export "__preinit_v1_message") i32 (i32.const 32))
    (global (export "__preinit_v1_item_a") i32 (i32.const 64))
    (func $constructors (call $add (i32.const 3)))
    (func (export "__preinit_v1_version") (result i32) (call $constructors) (i32.const 1))
    (func (export "__preinit_v1_run_a") (result i32)
      (call $add (i32.const 1))
      (i32.store8 (i32.const 48) (i32.load8_u (i32.const 24)))
      (i32.const 0))
    (func $add (export "add") (param i32)
      (global.set $n (i32.add (i32.mul (global.get $n) (i32.const 10)) (local.get 0))))
    (func (export "phases") (result i32)
      (i32.add (i32.mul (i32.load (i32.const 24)) (i32.const 10)) (i32.load8_u (i32.const 48))))
    (func (export "get") (result i32) (global.get $n))
    ;; size 48, kind 0, order 0, line 1, column 1, name (200, 4), file (208, 4), address 0, bytes 0, initialiser 0
    (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 200) "item    file"))
  (core instance $a (instantiate $a))
  (core module $b
    (import "a" "add" (func $add (param i32)))
    (memory 1)
    (global (export "__preinit_v1_armed") i32 (i32.const 16))
    (global (export "__preinit_v1_slot") i32 (i32.const 20))
    (global (export "__preinit_v1_phase") i32 (i32.const 24))
    (global (export "__preinit_v1_message") i32 (i32.const 32))
    (global (export "__preinit_v1_item_b") i32 (i32.const 64))
    (global (export "__preinit_v1_item_c") i32 (i32.const 128))
    (func $constructors (call $add (i32.const 3)))
    (func (export "__preinit_v1_version") (result i32) (call $constructors) (i32.const 1))
    (func (export "__preinit_v1_run_b") (result i32) (call $add (i32.const 2)) (i32.const 0))
    (func (export "__preinit_v1_run_c") (result i32) (call $add (i32.const 4)) (i32.const 0))
    ;; As above, but of order -1 and -2.
    (data (i32.const 64) "\30\00\00\00\00\00\00\00\ff\ff\ff\ff\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 128) "\30\00\00\00\00\00\00\00\fe\ff\ff\ff\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 200) "item    file"))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "get") (result u32) (canon lift (core func $a "get")))
  (func (export "phases") (result u32) (canon lift (core func $a "phases"))))
