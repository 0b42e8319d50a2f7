;; A place that is computed from an import is told by a global, whose number is another once those before it are gone.
;; remove-dead-code
;; call: read(8) size() sum()
(module
  (import "env" "base" (global $base i32))
  (global $gone i32 (i32.const 1))
  (global $place i32 (i32.add (global.get $base) (i32.const 4)))
  (global $other i32 (i32.const 20))
  (memory (export "memory") 1)
  (table (export "table") 64 funcref)
  (elem (offset (global.get $place)) func $seen)
  (data (offset (global.get $place)) "placed")
  (func $seen (export "size") (result i32) (table.size 0))
  (func (export "read") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "sum") (result i32) (i32.add (global.get $place) (global.get $other)))
  (func $only-init (drop (global.get $gone)))
  (func (export "wizer-initialize") (call $only-init)))
