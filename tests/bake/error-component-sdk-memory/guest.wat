;; Items of the SDK in a module whose memory another instance defines.
(component
  (core module $mem (memory (export "m") 1)
    (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 200) "item    file"))
  (core instance $mem (instantiate $mem))
  (core module $sdk
    (import "" "m" (memory 1))
    (global (export "__preinit_v1_armed") i32 (i32.const 16))
    (global (export "__preinit_v1_slot") i32 (i32.const 20))
    (global (export "__preinit_v1_phase") i32 (i32.const 24))
    (global (export "__preinit_v1_message") i32 (i32.const 32))
    (global (export "__preinit_v1_item_a") i32 (i32.const 64))
    (func (export "__preinit_v1_version") (result i32) (i32.const 1))
    (func (export "__preinit_v1_run_a") (result i32) (i32.store (i32.const 48) (i32.const 5)) (i32.const 0))
    (func (export "get") (result i32) (i32.load (i32.const 48))))
  (core instance $sdk (instantiate $sdk (with "" (instance $mem))))
  (func (export "get") (result u32) (canon lift (core func $sdk "get"))))
