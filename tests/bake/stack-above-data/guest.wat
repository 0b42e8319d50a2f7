;; All data is behind the stack pointer, by its name, and init wrote below: data that is zero at first, before the stack. One bake is enough.
;; init: init
;; answer: get() => i32 42
(module
  (memory (export "memory") 2)
  (global $__stack_pointer (mut i32) (i32.const 66560))
  (data (i32.const 66560) "data")
  (func (export "init") (i32.store (i32.const 1024) (i32.const 42)))
  (func (export "get") (result i32) (i32.load (i32.const 1024))))
