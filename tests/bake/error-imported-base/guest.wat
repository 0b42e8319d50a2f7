;; A segment that is placed by an import makes all of its memory unknown.
(module
  (import "env" "__memory_base" (global $base i32))
  (memory 1)
  (data (global.get $base) "data")
  (func (export "wizer-initialize") (i32.store (i32.const 0) (i32.const 1))))
