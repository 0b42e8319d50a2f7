;; A table that starts full and can be null: what init clears stays clear.
(module
  (table (export "table") 3 funcref (ref.func $f))
  (func $f (result i32) (i32.const 1))
  (func (export "wizer-initialize") (table.set (i32.const 1) (ref.null func))))
