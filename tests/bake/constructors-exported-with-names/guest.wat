;; The same where there are names, which change nothing.
;; init: setup
;; expect: value() => i32 105
;; expect: __wasm_call_ctors() =>
;; expect: value() => i32 105
(module
  (memory (export "memory") 1)
  (func $ctors (export "__wasm_call_ctors") (i32.store (i32.const 16) (i32.const 100)))
  (func $setup (export "setup") (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 5))))
  (func $value (export "value") (result i32) (i32.load (i32.const 16))))
