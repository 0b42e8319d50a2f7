;; Two types of equal structure in different groups are different, in the baked module too.
;; call: as-first() as-second()
;; walrus: walrus cannot keep recursion groups
(module
  (rec (type $first (func (result i32))) (type (struct)))
  (rec (type $second (func (result i32))) (type (struct (field i32))))
  (table (export "table") 1 funcref)
  (func $f (type $first) (i32.const 1))
  (elem declare func $f)
  (func (export "as-first") (result i32) (call_indirect (type $first) (i32.const 0)))
  (func (export "as-second") (result i32) (call_indirect (type $second) (i32.const 0)))
  (func (export "wizer-initialize") (table.set (i32.const 0) (ref.func $f))))
