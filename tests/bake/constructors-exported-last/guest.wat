;; They run first also where they are named last, and where they are kept.
;; init: setup __wasm_call_ctors
;; keep-init
;; expect: __wasm_call_ctors() =>
;; expect: value() => i32 105
;; expect: setup() =>
;; expect: value() => i32 110
(module
  (memory (export "memory") 1)
  (func (export "__wasm_call_ctors") (i32.store (i32.const 16) (i32.const 100)))
  (func (export "setup") (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 5))))
  (func (export "value") (result i32) (i32.load (i32.const 16))))
