;; `_start` as wasi-libc has it, with names: what it calls first are the constructors, which have run once by then, before init.
;; init: init
;; expect: _start() =>
;; expect: get() => i32 111
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (global $g (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (call $construct))
  (func $construct (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func $__main_void (result i32) (global.set 0 (i32.add (global.get 0) (i32.const 100))) (i32.const 0))
  (func $__wasm_call_dtors)
  (func (export "_start") (local i32)
    (call $__wasm_call_ctors)
    (local.set 0 (call $__main_void))
    (call $__wasm_call_dtors)
    (if (local.get 0) (then (call $exit (local.get 0)) unreachable)))
  (func (export "init") (global.set 0 (i32.add (global.get 0) (i32.const 10))))
  (func (export "get") (result i32) (global.get 0)))
