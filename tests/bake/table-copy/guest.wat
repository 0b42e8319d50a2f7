;; A range of one table, copied to another; the source stays what its segment makes it.
(module
  (table $to (export "to") 4 funcref)
  (table $from (export "from") 2 funcref)
  (elem (table $from) (i32.const 0) func $one $two)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func (export "wizer-initialize")
    (table.copy $to $from (i32.const 1) (i32.const 0) (i32.const 2))))
