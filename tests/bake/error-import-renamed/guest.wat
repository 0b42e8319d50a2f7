;; An import whose name was shortened may be one of WASI's.
(module
  (import "a" "b" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "c") 1)
  (func (export "wizer-initialize") (drop (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40)))))
