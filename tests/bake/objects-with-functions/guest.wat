;; An array of functions that the start function fills one by one: what it names has to be declared.
;; answer: call(299) => i32 7
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $f (func (result i32)))
  (type $a (array (mut (ref null $f))))
  (global $list (mut (ref null $a)) (ref.null $a))
  (func $seven (type $f) (i32.const 7))
  (elem $e (ref null $f) (ref.func $seven))
  (func (export "wizer-initialize") (local $i i32)
    (global.set $list (array.new $a (ref.null $f) (i32.const 300)))
    (local.set $i (i32.const 1))
    (loop $more
      (array.init_elem $a $e (global.get $list) (local.get $i) (i32.const 0) (i32.const 1))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 300)))))
  (func (export "call") (param i32) (result i32) (call_ref $f (array.get $a (global.get $list) (local.get 0)))))
