;; A function that only a table's initialiser refers to gets into another table.
(module
  (table $to (export "to") 2 funcref)
  (table $from 2 funcref (ref.func $f))
  (func $f (result i32) (i32.const 1))
  (func (export "wizer-initialize")
    (table.copy $to $from (i32.const 0) (i32.const 0) (i32.const 2))))
