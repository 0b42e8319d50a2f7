;; Slots that init sets, clears, leaves; one function twice.
(module
  (table (export "table") 8 funcref)
  (elem (i32.const 1) $one $one $two)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func $three (result i32) (i32.const 3))
  (elem declare func $three)
  (func (export "wizer-initialize")
    (table.set (i32.const 2) (ref.null func))
    (table.set (i32.const 5) (ref.func $three))
    (table.set (i32.const 7) (ref.func $three))))
