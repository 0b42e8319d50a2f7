;; Tables that hold a function of another instance and one of their own, in two instances of a component.
;; init: a#init b#init
;; keep-init
;; call: a#t(0) b#t(1)
(component
  (component $N
    (core module $A
      (table $t (export "t") 2 funcref)
      (func $own (result i32) i32.const 1)
      (elem declare func $own)
      (func (export "own") (table.set $t (i32.const 1) (ref.func $own)))
      (func (export "ct") (param i32) (result i32) (call_indirect $t (result i32) (local.get 0))))
    (core module $B
      (import "a" "t" (table $t 1 funcref))
      (import "a" "own" (func $o))
      (func $f (result i32) i32.const 2)
      (elem declare func $f)
      (func (export "init") (call $o) (table.set $t (i32.const 0) (ref.func $f))))
    (core instance $a (instantiate $A))
    (core instance $b (instantiate $B (with "a" (instance $a))))
    (func (export "init") (canon lift (core func $b "init")))
    (func (export "t") (param "x" u32) (result u32) (canon lift (core func $a "ct"))))
  (instance $x (instantiate $N))
  (instance $y (instantiate $N))
  (export "a" (instance $x))
  (export "b" (instance $y)))
