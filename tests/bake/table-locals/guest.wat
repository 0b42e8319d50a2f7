;; The probe's prologue comes after local declarations and before everything else.
(module
  (table (export "table") 1 funcref)
  (func $f (param i32) (result i64)
    (local i64 f32) (local $x i64)
    (local.set $x (i64.add (local.get $x) (i64.const 9)))
    (local.get $x))
  (elem declare func $f)
  (func (export "wizer-initialize") (table.set (i32.const 0) (ref.func $f))))
