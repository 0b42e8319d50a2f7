;; Init ends with the pointer on another stack, so the first one may still be in use.
;; init: init
;; call: get(4000)
(module
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 4096))
  (global (export "__stack_low") i32 (i32.const 0))
  (global (export "__stack_high") i32 (i32.const 4096))
  (data (i32.const 4096) "data")
  (func (export "init")
    (i32.store (i32.const 4000) (i32.const 7))
    (global.set $__stack_pointer (i32.const 8192)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0)))
)
