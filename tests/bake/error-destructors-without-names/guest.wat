;; Every export ends with one call, as where the linker has each run the destructors, and no name says what it is.
(module
 (memory (export "memory") 1)
 (func (i32.store (i32.const 16) (i32.const 0)))
 (func (i32.store (i32.const 16) (i32.const 7)))
 (func (result i32) (i32.load (i32.const 16)))
 (func (export "wizer-initialize") (call 1) (call 0))
 (func (export "run") (result i32) (call 2) (call 0)))
