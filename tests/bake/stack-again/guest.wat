;; What an earlier bake left out of the stack is left out again, whatever the pointer starts at by then.
;; init: init1
;; again: init2
;; dead: 2048..4000
;; answer: get(4000) => i32 117901063
;; answer: get(1024) => i32 7
(module
  (memory (export "memory") 1)
  (global (export "__stack_pointer") (mut i32) (i32.const 4096))
  (global (export "__stack_low") i32 (i32.const 2048))
  (global (export "__stack_high") i32 (i32.const 4096))
  (func (export "init1")
    (memory.fill (i32.const 2048) (i32.const 7) (i32.const 2048))
    (global.set 0 (i32.const 4000)))
  (func (export "init2")
    (memory.fill (i32.const 2048) (i32.const 7) (i32.const 1000))
    (i32.store (i32.const 1024) (i32.const 7)))
  (func (export "get") (param i32) (result i32) (i32.load (local.get 0))))
