;; A function of a subtype is called through the supertype.
;; call: run()
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $super (sub (func (result anyref))))
  (type $sub (sub $super (func (result (ref null i31)))))
  (table (export "table") 1 funcref)
  (func $f (type $sub) (ref.i31 (i32.const 4)))
  (elem declare func $f)
  (func (export "run") (result anyref) (call_indirect (type $super) (i32.const 0)))
  (func (export "wizer-initialize") (table.set (i32.const 0) (ref.func $f))))
