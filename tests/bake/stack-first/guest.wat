;; The linker exports the bounds of the stack, which comes before the data. What init left there is zero.
;; init: init
;; dead: 0..65536
;; call: get(65536) push()
(module
  (memory (export "memory") 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global (export "__stack_low") i32 (i32.const 0))
  (global (export "__stack_high") i32 (i32.const 65536))
  (data (i32.const 65536) "data")
  (func (export "init")
    (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 4096)))
    (memory.fill (global.get $__stack_pointer) (i32.const 7) (i32.const 4000))
    (i32.store (i32.const 65540) (i32.load (global.get $__stack_pointer)))
    (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const 4096))))
  (func (export "push") (result i32)
    (i32.store (i32.const 65532) (i32.const 5))
    (i32.load (i32.const 65532)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0)))
)
