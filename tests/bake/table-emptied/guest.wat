;; A table of which nothing is left.
(module
  (table (export "table") 2 funcref)
  (elem (i32.const 0) $f $f)
  (func $f (result i32) (i32.const 1))
  (func (export "wizer-initialize")
    (table.fill (i32.const 0) (ref.null func) (i32.const 2))))
