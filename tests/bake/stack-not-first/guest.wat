;; Data behind the stack pointer, and none before it: yet the stack is not first, and below it is a variable that is zero. Two bakes, as
;; segments of zeros go in the first. Nothing below a stack pointer is dead unless the linker or the SDK says so.
;; init: init1
;; again: init2
;; answer: get() => i32 42
;; answer: get2() => i32 7
(module
  ;; layout of wasm-ld without --stack-first: 0 .. bss(1024..) .. stack (..66560) .. heap
  (memory (export "memory") 2)
  (global $__stack_pointer (mut i32) (i32.const 66560))
  (func (export "init1") (i32.store (i32.const 70000) (i32.const 7)))       ;; heap only
  (func (export "init2") (i32.store (i32.const 1024) (i32.const 42)))       ;; .bss variable
  (func (export "get") (result i32) (i32.load (i32.const 1024)))
  (func (export "get2") (result i32) (i32.load (i32.const 70000)))
  (func (export "push") (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))))
