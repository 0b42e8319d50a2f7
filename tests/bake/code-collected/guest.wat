;; Structures and arrays that live in init only.
;; call: run(4)
;; walrus: walrus cannot keep recursion groups
(module
  (rec
    (type $list (struct (field i32) (field (ref null $list))))
    (type $array (array (mut i32))))
  (global (export "g") (mut i32) (i32.const 0))
  (func $sum (export "run") (param $n i32) (result i32)
    (local $list (ref null $list)) (local $sum i32)
    (loop $next
      (local.set $list (struct.new $list (local.get $n) (local.get $list)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (struct.get $list 0 (local.get $list))))
      (local.set $list (struct.get $list 1 (local.get $list)))
      (br_if $next (i32.eqz (ref.is_null (local.get $list)))))
    (i32.add (local.get $sum) (array.len (array.new_default $array (i32.const 3)))))
  (func (export "wizer-initialize") (global.set 0 (call $sum (i32.const 100)))))
