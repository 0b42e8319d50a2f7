;; One function, which an instance imports under two names, one of which is in a table. A call copies it from there.
;; init: init
;; call: cp()
(component
  (core module $A (table $t (export "t") 2 funcref) (func (export "f") (result i32) i32.const 4))
  (core instance $a (instantiate $A))
  (core module $M
    (import "a" "x" (func $x (result i32)))
    (import "a" "y" (func $y (result i32)))
    (import "a" "t" (table $t 2 funcref))
    (table $own 1 funcref)
    (elem declare func $x $y)
    (func (export "init") (table.set $t (i32.const 1) (ref.func $y)))
    (func (export "cp") (table.set $own (i32.const 0) (table.get $t (i32.const 1)))))
  (core instance $m (instantiate $M (with "a" (instance (export "x" (func $a "f")) (export "y" (func $a "f")) (export "t" (table $a "t"))))))
  (func (export "init") (canon lift (core func $m "init")))
  (func (export "cp") (canon lift (core func $m "cp"))))
