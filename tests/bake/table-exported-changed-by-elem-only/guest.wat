;; Overlapping segments of a table that init does not change: the later one wins, as it did.
(module
  (table (export "table") 3 funcref)
  (elem (i32.const 0) $one $one $one)
  (elem (i32.const 1) $two)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func (export "wizer-initialize")))
