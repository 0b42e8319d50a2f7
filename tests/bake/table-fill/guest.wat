;; A range of a table, filled.
(module
  (table (export "table") 4 funcref)
  (func $f (result i32) (i32.const 1))
  (elem declare func $f)
  (func (export "wizer-initialize") (table.fill (i32.const 1) (ref.func $f) (i32.const 2))))
