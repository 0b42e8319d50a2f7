;; The pointer is exported, and nobody tells where the stack ends.
;; init: init
;; call: get(4000)
(module
  (memory (export "memory") 1)
  (global (export "__stack_pointer") (mut i32) (i32.const 4096))
  (func (export "init")
    (i32.store (i32.const 4000) (i32.const 7)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0)))
)
