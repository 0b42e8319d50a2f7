;; The bounds that are exported lead over data of the module, so they are nobody's, and nothing is scrubbed.
;; init: init
;; answer: get(2100) => i32 1635017060
;; answer: get(3000) => i32 7
(module
  (memory (export "memory") 1)
  (global (export "__stack_pointer") (mut i32) (i32.const 4096))
  (global (export "__stack_low") i32 (i32.const 2048))
  (data (i32.const 2100) "data")
  (func (export "init") (i32.store (i32.const 3000) (i32.const 7)))
  (func (export "get") (param i32) (result i32) (i32.load (local.get 0))))
