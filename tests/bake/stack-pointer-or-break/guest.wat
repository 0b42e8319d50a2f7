;; Two globals may be the stack pointer, since nothing but the heap is behind the stack: neither name nor data tells.
;; answer: get() => i32 7
(module
 (memory (export "memory") 2)
 (global $sp (mut i32) (i32.const 65520))
 (global $brk (mut i32) (i32.const 65536))
 (global (export "__stack_low") i32 (i32.const 1024))
 (global (export "__stack_high") i32 (i32.const 65536))
 (func (export "wizer-initialize") (i32.store (i32.const 65524) (i32.const 7)) (global.set $sp (i32.sub (global.get $sp) (i32.const 16))) (global.set $sp (i32.add (global.get $sp) (i32.const 16))))
 (func (export "get") (result i32) (i32.load (i32.const 65524)))
 (func (export "sbrk") (param i32) (result i32) (global.get $brk) (global.set $brk (i32.add (global.get $brk) (local.get 0))))
 (func (export "sp") (result i32) (global.get $sp)))
