;; A global of functions that another instance sets to a function of its own.
;; init: init
(component
  (core module $a
    (global (export "g") (mut funcref) (ref.null func))
    (type $t (func (result i32)))
    (func (export "is-null") (result i32) (ref.is_null (global.get 0))))
  (core instance $a (instantiate $a))
  (core module $b
    (import "a" "g" (global $g (mut funcref)))
    (func $f (result i32) (i32.const 7))
    (elem declare func $f)
    (func (export "init") (global.set $g (ref.func $f))))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "init") (canon lift (core func $b "init")))
  (func (export "get") (result u32) (canon lift (core func $a "is-null"))))
