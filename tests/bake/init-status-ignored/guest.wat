;; Where results are ignored, any number will do.
;; init: lib_init
;; init-result: ignore
;; answer: value() => i32 9
(module
  (memory (export "memory") 1)
  (func (export "lib_init") (result i32) (i32.store (i32.const 8) (i32.const 9)) (i32.const 3))
  (func (export "value") (result i32) (i32.load (i32.const 8))))
