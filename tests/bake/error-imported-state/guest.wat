;; All that is wrong is told at once.
(module
  (import "env" "memory" (memory 1))
  (import "env" "table" (table 1 funcref))
  (import "env" "global" (global i32))
  (import "env" "mutable" (global (mut i32)))
  (func (export "wizer-initialize")))
