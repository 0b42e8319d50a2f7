;; What is to run in each instance runs before the first exported function does anything else, in the order of its attributes, and once. What
;; only prepares a call, and what is not exported, runs by itself.
;; expect: cabi_realloc() => i32 5
;; expect: add(3, 4) => i32 5217
;; expect: get() => i32 52171
;; expect: again() => i32 521711
;; expect: twice() => i32 5217111
(module
  (memory (export "memory") 1)
  (global (export "__preinit_v1_armed") i32 (i32.const 16))
  (global (export "__preinit_v1_slot") i32 (i32.const 20))
  (global (export "__preinit_v1_phase") i32 (i32.const 24))
  (global (export "__preinit_v1_message") i32 (i32.const 32))
  (func (export "__preinit_v1_version") (result i32) (i32.const 1))
  (global (export "__preinit_v1_item_a") i32 (i32.const 64))
  (global (export "__preinit_v1_item_b") i32 (i32.const 320))
  (global (export "__preinit_v1_item_c") i32 (i32.const 384))
  (global $n (mut i32) (i32.const 0))
  (func $then (param i32) (global.set $n (i32.add (i32.mul (global.get $n) (i32.const 10)) (local.get 0))))
  (func (export "__preinit_v1_resume_a") (call $then (i32.const 1)))
  (func (export "__preinit_v1_resume_b") (call $then (i32.const 2)))
  (func (export "__preinit_v1_run_c") (result i32) (call $then (i32.const 5)) (i32.const 0))
  (func (export "cabi_realloc") (result i32) (global.get $n))
  (func $add (export "add") (param i32 i32) (result i32)
    ;; 7, behind 52 and 1
    (call $then (i32.add (local.get 0) (local.get 1))) (global.get $n))
  (func $get (export "get") (export "again") (result i32) (call $then (i32.const 1)) (global.get $n))
  (func (export "_initialize_game") (result i32) (global.get $n))
  (func (export "twice") (result i32) (call $get))
  (export "memory again" (memory 0))
  (data (i32.const 64) "\30\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 320) "\30\00\00\00\00\00\00\00\ff\ff\ff\ff\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 384) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 200) "item    file"))
