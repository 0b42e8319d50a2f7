;; A table grown with a function and with null, and further after the bake.
;; call: grow(3) grow(1)
(module
  (table (export "table") 1 7 funcref)
  (func $f (result i32) (i32.const 1))
  (elem declare func $f)
  (func (export "grow") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))
  (func (export "wizer-initialize")
    (drop (table.grow (ref.func $f) (i32.const 2)))
    (drop (table.grow (ref.null func) (i32.const 2)))))
