;; Types of structures and arrays in signatures and in code: casts, tests, branches on them, and conversions.
;; call: sort(0) sort(1) sort(2) sort(3) sort(4)
;; walrus: walrus cannot keep recursion groups
(module
  (rec
    (type $shape (sub (struct (field $area (mut i32)))))
    (type $square (sub final $shape (struct (field (mut i32)) (field $side i8)))))
  (type $bytes (array (mut i8)))
  (type $make (func (param i32) (result anyref)))
  (table (export "made") 5 anyref)
  (global (export "sorted") (mut i64) (i64.const 0))
  (global (export "outside") (mut externref) (ref.null extern))
  (data $data "\ff\02\03")
  (func $make (type $make)
    (block $four
      (block $three
        (block $two
          (block $one
            (block $none (br_table $none $one $two $three $four (local.get 0)))
            (return (ref.null none)))
          (return (struct.new $shape (i32.const 5))))
        (return (struct.new $square (i32.const 16) (i32.const -4))))
      (return (ref.i31 (i32.const -3))))
    (array.new_data $bytes $data (i32.const 0) (i32.const 3)))
  (func $side (param (ref $square)) (result i32) (struct.get_s $square $side (local.get 0)))
  (func $sort (param $any anyref) (result i32)
    (local $shape (ref null $shape))
    (if (ref.is_null (local.get $any)) (then (return (i32.const 1))))
    (if (ref.test (ref i31) (local.get $any))
      (then (return (i31.get_u (ref.cast (ref i31) (local.get $any))))))
    (block $not-a-shape (result anyref)
      (local.set $shape (br_on_cast_fail $not-a-shape anyref (ref $shape) (local.get $any)))
      (block $square (result (ref $square))
        (drop (br_on_cast $square (ref null $shape) (ref $square) (local.get $shape)))
        (return (struct.get $shape $area (local.get $shape))))
      (return (call $side)))
    (return (array.get_u $bytes (ref.cast (ref $bytes)) (i32.const 0))))
  (func (export "sort") (param i32) (result i32)
    (call $sort (table.get (local.get 0))))
  (func (export "wizer-initialize")
    (local $n i32)
    (loop $next
      (table.set (local.get $n) (call $make (local.get $n)))
      (global.set 0 (i64.add
        (i64.mul (global.get 0) (i64.const 100))
        (i64.extend_i32_s (call $sort (any.convert_extern (extern.convert_any (table.get (local.get $n))))))))
      (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 5))))
    (global.set 1 (extern.convert_any (table.get (i32.const 2))))
    (if (i32.eqz (ref.eq (ref.cast eqref (table.get (i32.const 3))) (ref.i31 (i32.const -3)))) (then unreachable))))
