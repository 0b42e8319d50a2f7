(module $m
  (type $t (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (table $table (;0;) 1 funcref)
  (memory $memory (;0;) 1)
  (tag $tag (;0;) (type 1))
  (global $global (;0;) (mut i32) i32.const 1)
  (export "f" (func $f))
  (elem $elem (;0;) (i32.const 0) func $f)
  (func $f (;0;) (type $t) (param $x i32) (result i32)
    (local $y i32)
    local.get $x
    local.tee $y
  )
  (func $init (;1;) (type 1)
    i32.const 1
    global.set $global
  )
  (data (;0;) (i32.const 0) "a")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
