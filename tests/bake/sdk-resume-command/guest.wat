;; Exports are the linker's wrappers, which call the constructors: what runs first calls what they wrap. The host calls an import while it
;; runs. Code that nothing needs is removed, but what runs first is not.
;; remove-dead-code
;; expect: get() => [env.log()] i32 141
;; expect: get() => i32 142
(module
  (import "env" "log" (func $log))
  (memory 1)
  (global (export "__preinit_v1_armed") i32 (i32.const 16))
  (global (export "__preinit_v1_slot") i32 (i32.const 20))
  (global (export "__preinit_v1_phase") i32 (i32.const 24))
  (global (export "__preinit_v1_message") i32 (i32.const 32))
  (func (export "__preinit_v1_version") (result i32) (call $__wasm_call_ctors) (i32.const 1))
  (global (export "__preinit_v1_item_a") i32 (i32.const 64))
  (global (export "__preinit_v1_item_b") i32 (i32.const 320))
  (global $n (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $n (i32.add (global.get $n) (i32.const 1))))
  (func $run (result i32) (global.set $n (i32.add (i32.const 10) (i32.mul (global.get $n) (i32.const 100)))) (i32.const 0))
  (func $run.command_export (export "__preinit_v1_run_a") (result i32) (call $__wasm_call_ctors) (call $run))
  (func $resume (call $deep))
  (func $deep (call $log) (global.set $n (i32.add (global.get $n) (i32.const 30))))
  (func $resume.command_export (export "__preinit_v1_resume_b") (call $__wasm_call_ctors) (call $resume))
  (func $get (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func $get.command_export (export "get") (result i32) (call $__wasm_call_ctors) (call $get))
  (func $dead)
  (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 320) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 200) "item    file"))
