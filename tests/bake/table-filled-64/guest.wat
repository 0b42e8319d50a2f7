;; The same in a table with 64-bit indices, of a type whose slots engines compile code for, behind one that is never null.
;; answer: call(1500) => i32 1
(module
  (type $f (func (result i32)))
  (table $never 2 (ref $f) (ref.func $one))
  (table $t i64 3000 (ref null $f))
  (func $one (type $f) (i32.const 1))
  (elem declare func $one)
  (func (export "wizer-initialize")
    (table.set $never (i32.const 0) (ref.func $one))
    (table.fill $t (i64.const 100) (ref.func $one) (i64.const 2000)))
  (func (export "call") (param i64) (result i32) (call_ref $f (table.get $t (local.get 0)))))
