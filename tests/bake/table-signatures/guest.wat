;; Parameters and results of every type, those without a default value too.
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $f (func))
  (table (export "table") 5 funcref)
  (func $numbers (param i32 i64 f32 f64 v128) (result i32 i64 f32 f64 v128)
    (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (v128.const i64x2 5 6))
  (func $references (param funcref externref (ref null $f)) (result funcref externref (ref null $f))
    (local.get 0) (local.get 1) (local.get 2))
  (func $demands (param (ref $f)) (call_ref $f (local.get 0)))
  (func $gives (result (ref $f)) (ref.func $nothing))
  (func $collected (param anyref) (result (ref i31)) (ref.i31 (i32.const 7)))
  (func $nothing)
  (elem $all func $numbers $references $demands $gives $collected)
  (elem declare func $nothing)
  (func (export "wizer-initialize")
    (table.init $all (i32.const 0) (i32.const 0) (i32.const 5))))
