;; Tables that no instruction changes keep their segments, of functions and of expressions, and so does one that is
;; only read.
;; call: run(3)
(module
  (table $read (export "read") 4 funcref)
  (table $expressions (export "expressions") 4 funcref)
  (global $offset i32 (i32.const 1))
  (global $two funcref (ref.func $two))
  (memory (export "memory") 1)
  (elem (table $read) (i32.const 2) func $one $two)
  (elem (table $expressions) (offset (global.get $offset)) funcref
    (global.get $two) (item (ref.null func)) (ref.func $one))
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func (export "run") (param i32) (result i32) (call_indirect $read (result i32) (local.get 0)))
  (func (export "wizer-initialize")
    (drop (table.get $read (i32.const 2)))
    (i32.store (i32.const 0) (i32.const 1))))
