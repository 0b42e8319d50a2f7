;; An object that two instances hold.
;; init: init
(component
  (core module $a
    (rec (type $s (struct (field (mut i32)))))
    (global $g (mut (ref null $s)) (ref.null $s))
    (func (export "new") (result anyref) (global.set $g (struct.new $s (i32.const 1))) (global.get $g))
    (func (export "get") (result i32) (struct.get $s 0 (global.get $g))))
  (core instance $a (instantiate $a))
  (core module $b
    (rec (type $s (struct (field (mut i32)))))
    (import "a" "new" (func $new (result anyref)))
    (global $g (mut anyref) (ref.null any))
    (func (export "init") (global.set $g (call $new)))
    (func (export "change") (struct.set $s 0 (ref.cast (ref $s) (global.get $g)) (i32.const 42))))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "init") (canon lift (core func $b "init")))
  (func (export "change") (canon lift (core func $b "change")))
  (func (export "get") (result u32) (canon lift (core func $a "get"))))
