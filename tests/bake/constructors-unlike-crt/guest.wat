;; A `_start` that calls four functions is not the libc's if none of them ends the program.
;; answer: get() => i32 0
;; answer: both() => i32 1
(module
 (memory (export "memory") 1)
 (func (export "tick") (call 1))
 (func (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1))))
 (func (result i32) (i32.const 0))
 (func)
 (func (param i32))
 (func (export "_start") (call 0) (call 2) (call 3) (call 4))
 (func (export "wizer-initialize") (i32.store (i32.const 20) (i32.const 7)))
 (func (export "get") (result i32) (i32.load (i32.const 16)))
 (func (export "both") (result i32) (call 0) (call 7)))
