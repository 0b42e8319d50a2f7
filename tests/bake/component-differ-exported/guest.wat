;; Instances of a component that export the component inside them, which another scope instantiates: two states.
;; init: init
;; call: g1() g2()
(component
  (component $c
    (component $d
      (core module $a (global $n (mut i32) (i32.const 0)) (func (export "set") (param i32) (global.set $n (local.get 0))) (func (export "get") (result i32) (global.get $n)))
      (core instance $a (instantiate $a))
      (func (export "set") (param "x" u32) (canon lift (core func $a "set")))
      (func (export "get") (result u32) (canon lift (core func $a "get"))))
    (export "d" (component $d)))
  (instance $c1 (instantiate $c))
  (instance $c2 (instantiate $c))
  (alias export $c1 "d" (component $d1))
  (alias export $c2 "d" (component $d2))
  (instance $i1 (instantiate $d1))
  (instance $i2 (instantiate $d2))
(component $drv (import "x1" (func $f1 (param "x" u32))) (import "x2" (func $f2 (param "x" u32)))
    (core func $s1 (canon lower (func $f1))) (core func $s2 (canon lower (func $f2)))
  (core module $i (import "" "1" (func $f (param i32))) (import "" "2" (func $g (param i32))) (func (export "init") (call $f (i32.const 5)) (call $g (i32.const 6))))
  (core instance $i (instantiate $i (with "" (instance (export "1" (func $s1)) (export "2" (func $s2))))))
  (func (export "init") (canon lift (core func $i "init"))))
 (instance $drv (instantiate $drv (with "x1" (func $i1 "set")) (with "x2" (func $i2 "set"))))
 (export "init" (func $drv "init"))
  (export "g1" (func $i1 "get"))
  (export "g2" (func $i2 "get")))
