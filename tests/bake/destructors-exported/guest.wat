;; A reactor that lets its host call the destructors.
;; answer: alive() => i32 1
;; answer: both() => i32 0
(module
 (memory (export "memory") 1)
 (func $__wasm_call_ctors (i32.store (i32.const 16) (i32.const 1)))
 (func $__wasm_call_dtors (i32.store (i32.const 16) (i32.const 0)))
 (func $_initialize (export "_initialize") (call $__wasm_call_ctors))
 (func $init (export "wizer-initialize") (i32.store (i32.const 20) (i32.const 7)))
 (func $flush (i32.store (i32.const 24) (i32.const 1)))
 (func $shutdown (export "shutdown") (call $__wasm_call_dtors))
 (func $alive (export "alive") (result i32) (i32.load (i32.const 16)))
 (func (export "both") (result i32) (call $shutdown) (call $alive)))
