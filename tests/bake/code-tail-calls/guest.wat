;; A chain of tail calls that would be too deep as calls.
;; call: run(5)
(module
  (type $t (func (param i32)))
  (table (export "table") 1 funcref)
  (global (export "g") (mut i32) (i32.const 0))
  (elem declare func $count)
  (func $count (export "run") (type $t)
    (global.set 0 (i32.add (global.get 0) (i32.const 1)))
    (if (i32.eqz (local.get 0)) (then (return)))
    (return_call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
  (func (export "wizer-initialize")
    (table.set (i32.const 0) (ref.func $count))
    (return_call $count (i32.const 50000))))
