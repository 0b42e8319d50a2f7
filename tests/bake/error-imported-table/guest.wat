;; A call through it reaches nobody knows whom.
(module
  (import "env" "table" (table 1 funcref))
  (func $f)
  (elem (i32.const 0) func $f)
  (func (export "wizer-initialize") (call_indirect (i32.const 0))))
