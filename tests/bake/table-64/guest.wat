;; Segments of a 64-bit table have 64-bit offsets.
(module
  (table (export "table") i64 1 funcref)
  (func $f (result i32) (i32.const 1))
  (elem declare func $f)
  (func (export "wizer-initialize")
    (drop (table.grow (ref.func $f) (i64.const 2)))))
