;; A passive segment, copied into a table; it can be copied again.
;; call: again(0)
(module
  (table (export "table") 4 funcref)
  (elem $segment func $one $two)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func (export "again") (param i32)
    (table.init $segment (local.get 0) (i32.const 1) (i32.const 1)))
  (func (export "wizer-initialize")
    (table.init $segment (i32.const 2) (i32.const 0) (i32.const 2))))
