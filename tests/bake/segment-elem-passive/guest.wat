;; A passive element segment that init does not drop is still there.
;; call: copy(1) copy(0)
(module
  (table (export "table") 3 funcref)
  (elem $e func $f $f)
  (elem $x funcref (item (ref.null func)) (ref.func $f))
  (func $f (result i32) (i32.const 1))
  (func (export "copy") (param i32)
    (table.init $x (i32.const 0) (i32.const 1) (local.get 0))
    (table.init $e (i32.const 0) (i32.const 1) (local.get 0)))
  (func (export "drop") (elem.drop $e) (elem.drop $x))
  (func (export "wizer-initialize")
    (table.init $e (i32.const 2) (i32.const 0) (i32.const 1))))
