;; A status other than 0 is a failure.
;; init: lib_init
(module
  (memory (export "memory") 1)
  (func (export "lib_init") (result i32) (i32.store (i32.const 8) (i32.const 9)) (i32.const -3)))
