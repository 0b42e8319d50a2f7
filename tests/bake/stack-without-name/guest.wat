;; A global that could be a stack pointer, and nothing that says so.
;; init: init
;; call: get(4000)
(module
  (memory (export "memory") 1)
  (global (mut i32) (i32.const 4096))
  (data (i32.const 4096) "data")
  (func (export "init")
    (i32.store (i32.const 4000) (i32.const 7)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0)))
)
