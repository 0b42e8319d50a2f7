;; Each element has an object of its own, and a few share one. What is long is filled in parts.
;; call: sum(0) sum(150) sum(299)
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field i32) (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (global $array (export "array") (mut (ref null $array)) (ref.null $array))
  (func (export "sum") (param $i i32) (result i32)
    (i32.add
      (struct.get $s 0 (array.get $array (global.get $array) (local.get $i)))
      (struct.get $s 1 (array.get $array (global.get $array) (local.get $i)))))
  (func (export "wizer-initialize")
    (local $i i32)
    (global.set $array (array.new_default $array (i32.const 300)))
    (loop $next
      (array.set $array (global.get $array) (local.get $i) (struct.new $s (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 300))))
    (array.set $array (global.get $array) (i32.const 7) (array.get $array (global.get $array) (i32.const 8)))
    (array.set $array (global.get $array) (i32.const 9) (ref.null $s))))
