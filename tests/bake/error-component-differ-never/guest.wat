;; A module that becomes two, beside a component that is never instantiated and names outer modules.
;; init: init
(component
  (core module $a (global $n (mut i32) (i32.const 0)) (func (export "set") (param i32) (global.set $n (local.get 0))) (func (export "get") (result i32) (global.get $n)))
  (core module $b (import "q" "r" (func)) (func (export "zz") (result i32) (i32.const 1)))
  (component $never
    (alias outer 1 1 (core module $m))
    (core module $p (func (export "r")))
    (core instance $p (instantiate $p))
    (core instance $k (instantiate $m (with "q" (instance $p))))
    (func (export "zz") (result u32) (canon lift (core func $k "zz"))))
  (core instance $a1 (instantiate $a))
  (core instance $a2 (instantiate $a))
  (core module $i (import "1" "set" (func $f (param i32))) (import "2" "set" (func $g (param i32))) (func (export "init") (call $f (i32.const 5)) (call $g (i32.const 6))))
  (core instance $i (instantiate $i (with "1" (instance $a1)) (with "2" (instance $a2))))
  (func (export "init") (canon lift (core func $i "init")))
  (func (export "g1") (result u32) (canon lift (core func $a1 "get")))
  (func (export "g2") (result u32) (canon lift (core func $a2 "get"))))
