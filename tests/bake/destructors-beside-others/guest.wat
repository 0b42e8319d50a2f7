;; Without constructors the linker wraps all exports or none, so this one is the guest's own.
;; answer: n() => i32 7
;; answer: exit(3) => i32 3
;; answer: n() => i32 0
(module
 (memory (export "memory") 1)
 (func $__wasm_call_dtors (i32.store (i32.const 16) (i32.const 0)))
 (func $init (export "wizer-initialize") (i32.store (i32.const 16) (i32.const 7)))
 (func $exit_code (param i32) (result i32) (local.get 0))
 (func $exit (export "exit") (param i32) (result i32) (call $exit_code (local.get 0)) (call $__wasm_call_dtors))
 (func $n (export "n") (result i32) (i32.load (i32.const 16))))
