;; An object of a type that the module of the instance that holds it does not have.
;; init: init
(component
  (core module $a
    (rec (type $s (struct (field (mut i32)))))
    (func (export "new") (result anyref) (struct.new $s (i32.const 1)))
    (func (export "get") (param anyref) (result i32) (struct.get $s 0 (ref.cast (ref $s) (local.get 0)))))
  (core instance $a (instantiate $a))
  (core module $b
    (import "a" "new" (func $new (result anyref)))
    (import "a" "get" (func $get (param anyref) (result i32)))
    (global $g (mut anyref) (ref.null any))
    (func (export "init") (global.set $g (call $new)))
    (func (export "get") (result i32) (call $get (global.get $g))))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "init") (canon lift (core func $b "init")))
  (func (export "get") (result u32) (canon lift (core func $b "get"))))
