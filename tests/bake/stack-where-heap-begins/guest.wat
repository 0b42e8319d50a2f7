;; The heap is said to begin where the stack should be free, so what is said of the stack is not true.
;; answer: get() => i32 7
(module
 (memory (export "memory") 2)
 (global $sp (export "__stack_pointer") (mut i32) (i32.const 131072))
 (global (export "__data_end") i32 (i32.const 1040))
 (global (export "__heap_base") i32 (i32.const 1040))
 (func (export "wizer-initialize") (i32.store (i32.const 2000) (i32.const 7)))
 (func (export "get") (result i32) (i32.load (i32.const 2000))))
