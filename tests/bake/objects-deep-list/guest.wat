;; A list that is longer than any stack is deep.
;; call: length() sum()
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $list (struct (field i32) (field (ref null $list))))
  (global $list (mut (ref null $list)) (ref.null $list))
  (func (export "length") (result i32)
    (local $at (ref null $list)) (local $n i32)
    (local.set $at (global.get $list))
    (loop $next
      (if (i32.eqz (ref.is_null (local.get $at))) (then
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (local.set $at (struct.get $list 1 (local.get $at)))
        (br $next))))
    (local.get $n))
  (func (export "sum") (result i32) (struct.get $list 0 (global.get $list)))
  (func (export "wizer-initialize")
    (local $n i32)
    (loop $next
      (global.set $list (struct.new $list (local.get $n) (global.get $list)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $n) (i32.const 200))))))
