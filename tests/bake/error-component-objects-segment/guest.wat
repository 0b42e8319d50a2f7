;; Objects that a segment of one instance puts into the table of another.
;; init: init
(component
  (core module $a
    (table (export "t") 1 anyref)
    (rec (type $s (struct (field (mut i32)))))
    (func (export "get") (result i32) (struct.get $s 0 (ref.cast (ref $s) (table.get 0 (i32.const 0))))))
  (core instance $a (instantiate $a))
  (core module $b
    (rec (type $s (struct (field (mut i32)))))
    (import "a" "t" (table $t 1 anyref))
    (elem (table $t) (i32.const 0) (ref $s) (item (struct.new $s (i32.const 5))))
    (func (export "init") (struct.set $s 0 (ref.cast (ref $s) (table.get $t (i32.const 0))) (i32.const 42))))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "init") (canon lift (core func $b "init")))
  (func (export "get") (result u32) (canon lift (core func $a "get"))))
