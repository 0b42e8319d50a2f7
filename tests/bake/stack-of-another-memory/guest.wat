;; Of several memories nobody says which one the linker's symbols are about.
;; answer: get() => i32 7
(module
 (memory $other (export "other") 2)
 (memory $main (export "memory") 2)
 (global $sp (export "__stack_pointer") (mut i32) (i32.const 65536))
 (global (export "__stack_low") i32 (i32.const 1024))
 (global (export "__heap_base") i32 (i32.const 65536))
 (func (export "wizer-initialize") (i32.store $other (i32.const 2000) (i32.const 7)) (i32.store $main (i32.const 2000) (i32.const 8)))
 (func (export "get") (result i32) (i32.load $other (i32.const 2000))))
