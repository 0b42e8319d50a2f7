;; Nothing runs at build time but what starts the module.
;; expect: get() => i32 32
;; expect: get() => i32 32
(module
  (memory 1)
  (global (export "__preinit_v1_armed") i32 (i32.const 16))
  (global (export "__preinit_v1_slot") i32 (i32.const 20))
  (global (export "__preinit_v1_phase") i32 (i32.const 24))
  (global (export "__preinit_v1_message") i32 (i32.const 32))
  (func (export "__preinit_v1_version") (result i32) (i32.const 1))
  (global (export "__preinit_v1_item_a") i32 (i32.const 64))
  (global $n (mut i32) (i32.const 0))
  (func $start (global.set $n (i32.const 3)))
  (start $start)
  (func (export "__preinit_v1_resume_a") (global.set $n (i32.add (i32.mul (global.get $n) (i32.const 10)) (i32.const 2))))
  (func (export "get") (result i32) (global.get $n))
  (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 200) "item    file"))
