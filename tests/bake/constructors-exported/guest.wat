;; The constructors are exported for the host to call them: they run first, once, and the export stays and does nothing.
;; init: setup
;; original: __wasm_call_ctors setup
;; answer: value() => i32 105
;; expect: __wasm_call_ctors() =>
;; expect: value() => i32 105
(module
  (memory (export "memory") 1)
  (func (export "__wasm_call_ctors") (i32.store (i32.const 16) (i32.const 100)))
  (func (export "setup") (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 5))))
  (func (export "value") (result i32) (i32.load (i32.const 16))))
