;; Init leaves something on the stack, as code that switches stacks does. What the pointer has not given back stays.
;; init: init
;; dead: 0..65000
;; call: get(65000) get(65400)
(module
  (memory (export "memory") 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global (export "__stack_low") i32 (i32.const 0))
  (global (export "__stack_high") i32 (i32.const 65536))
  (data (i32.const 65600) "data")
  (func (export "init")
    (memory.fill (i32.const 64990) (i32.const 7) (i32.const 500))
    (global.set $__stack_pointer (i32.const 65000)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0)))
)
