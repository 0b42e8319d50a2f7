;; Imported functions in a table: one import twice, and the same import under two indices.
(module
  (import "env" "f" (func $a (param i32) (result i32)))
  (import "env" "f" (func $b (param i32) (result i32)))
  (import "env" "g" (func $c))
  (table (export "table") 6 funcref)
  (elem declare func $a $b $c)
  (func (export "wizer-initialize")
    (table.set (i32.const 1) (ref.func $a))
    (table.set (i32.const 2) (ref.func $a))
    (table.set (i32.const 3) (ref.func $b))
    (table.set (i32.const 4) (ref.func $c))))
