;; A function of another instance in a table, beside a component that is never instantiated and names an outer module.
;; init: init
;; call: t(0)
(component
  (core module $A (table (export "t") 5 funcref)   (func (export "ct") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
  (core instance $t (instantiate $A))
  (core module $B (import "t" "t" (table $t 1 funcref)) (func $f (result i32) i32.const 9) (elem declare func $f) (func (export "init") (table.set $t (i32.const 0) (ref.func $f))))
(component $Never (alias outer 1 $A (core module $x)) (core instance (instantiate $x)))
  (core instance $b (instantiate $B (with "t" (instance $t))))
  (func (export "init") (canon lift (core func $b "init")))
  (func (export "t") (param "x" u32) (result u32) (canon lift (core func $t "ct"))))
