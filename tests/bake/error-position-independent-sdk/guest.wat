;; A dynamic library with an item of the SDK.
(module
  (@custom "dylink.0" (before first) "\01\04\04\02\00\00")
  (import "env" "memory" (memory 1))
  (global (export "__preinit_v1_armed") i32 (i32.const 16))
  (global (export "__preinit_v1_slot") i32 (i32.const 20))
  (global (export "__preinit_v1_phase") i32 (i32.const 24))
  (global (export "__preinit_v1_message") i32 (i32.const 32))
  (global (export "__preinit_v1_item_a") i32 (i32.const 64))
  (func (export "__preinit_v1_run_a") (result i32) (i32.const 0)))
