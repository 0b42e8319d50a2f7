;; One structure in many slots stays one.
;; answer: get(1999) => i32 7
;; answer: set(5) =>
;; answer: get(0) => i32 5
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field $x (mut i32))))
  (table $t 2000 anyref)
  (func (export "wizer-initialize") (table.fill $t (i32.const 0) (struct.new $s (i32.const 7)) (i32.const 2000)))
  (func (export "set") (param i32) (struct.set $s $x (ref.cast (ref $s) (table.get $t (i32.const 9))) (local.get 0)))
  (func (export "get") (param i32) (result i32) (struct.get $s $x (ref.cast (ref $s) (table.get $t (local.get 0))))))
