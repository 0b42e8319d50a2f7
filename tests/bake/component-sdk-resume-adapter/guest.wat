;; The host enters by an adapter, whose call of the guest's `_start` is the first.
;; expect: run() => 123
(component
  (core module $guest
    (memory (export "memory") 1)
    (global (export "__preinit_v1_armed") i32 (i32.const 16))
    (global (export "__preinit_v1_slot") i32 (i32.const 20))
    (global (export "__preinit_v1_phase") i32 (i32.const 24))
    (global (export "__preinit_v1_message") i32 (i32.const 32))
    (func (export "__preinit_v1_version") (result i32) (i32.const 1))
    (global (export "__preinit_v1_item_a") i32 (i32.const 64))
    (global (export "__preinit_v1_item_b") i32 (i32.const 320))
    (global $n (mut i32) (i32.const 0))
    (func $then (param i32) (global.set $n (i32.add (i32.mul (global.get $n) (i32.const 10)) (local.get 0))))
    (func (export "__preinit_v1_run_a") (result i32) (call $then (i32.const 1)) (i32.const 0))
    (func (export "__preinit_v1_resume_b") (call $then (i32.const 2)))
    (func (export "_start") (result i32) (call $then (i32.const 3)) (global.get $n))
    (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 320) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 200) "item    file"))
  (core instance $guest (instantiate $guest))
  (core module $adapter
    (import "guest" "_start" (func $start (result i32)))
    (func (export "run") (result i32) (call $start)))
  (core instance $adapter (instantiate $adapter (with "guest" (instance $guest))))
  (func (export "run") (result u32) (canon lift (core func $adapter "run"))))
