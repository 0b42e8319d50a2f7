;; Names of functions, locals, globals and the rest reach the output.
(module $m
  (type $t (func (param i32) (result i32)))
  (memory $memory 1)
  (table $table 1 funcref)
  (global $global (mut i32) (i32.const 0))
  (tag $tag)
  (func $f (export "f") (type $t) (param $x i32) (result i32) (local $y i32)
    (local.tee $y (local.get $x)))
  (elem $elem (i32.const 0) $f)
  (data $data (i32.const 0) "a")
  (func $init (export "wizer-initialize") (global.set $global (i32.const 1))))
