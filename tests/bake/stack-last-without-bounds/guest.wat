;; Data below the stack pointer: the stack is behind it, and nobody tells where it ends. Nothing is scrubbed.
;; init: init
;; call: get(4000)
(module
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 4096))
  (data (i32.const 1024) "data")
  (data (i32.const 4096) "data")
  (func (export "init")
    (i32.store (i32.const 4000) (i32.const 7)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0)))
)
