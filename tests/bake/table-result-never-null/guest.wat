;; A function that has no value to answer the probe with.
;; call: run()
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $i (func (result i32)))
  (type $t (func (result (ref $i))))
  (table (export "table") 1 funcref)
  (func $one (type $i) (i32.const 1))
  (func $give (type $t) (ref.func $one))
  (elem declare func $one $give)
  (func (export "run") (result i32)
    (call_ref $i (call_indirect (type $t) (i32.const 0))))
  (func (export "wizer-initialize") (table.set (i32.const 0) (ref.func $give))))
