;; An export of that name and of another type is none of the linker's: it stays as it is.
;; init: setup
;; answer: value() => i32 5
;; answer: __wasm_call_ctors(7) => i32 8
(module
  (memory (export "memory") 1)
  (func (export "__wasm_call_ctors") (param i32) (result i32)
    (i32.store (i32.const 16) (i32.const 100))
    (i32.add (local.get 0) (i32.const 1)))
  (func (export "setup") (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 5))))
  (func (export "value") (result i32) (i32.load (i32.const 16))))
