;; A function that only an immutable global refers to gets into a table.
(module
  (table (export "table") 1 funcref)
  (global $g funcref (ref.func $f))
  (func $f (result i32) (i32.const 1))
  (func (export "wizer-initialize") (table.set (i32.const 0) (global.get $g))))
