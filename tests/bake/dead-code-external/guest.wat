;; What is imported stays, and so does what depends on it: another host may have other offsets.
;; remove-dead-code
;; call: get()
(module
  (import "env" "base" (global $base i32))
  (import "env" "memory" (memory 1))
  (import "env" "table" (table $imported 4 funcref))
  (memory $own 1)
  (table $own 4 funcref)
  (global $count (mut i32) (i32.const 0))
  (global $gone (mut i32) (i32.const 0))
  (elem (table $imported) (i32.const 1) func $seen)
  (elem (table $own) (offset (global.get $base)) func $placed)
  (data (memory $own) (offset (global.get $base)) "placed")
  (func $seen (export "get") (result i32) (global.get $count))
  (func $placed (result i32) (i32.const 2))
  (func $only-init (global.set $gone (i32.const 1)))
  (func (export "wizer-initialize") (call $only-init) (global.set $count (i32.const 3))))
