(module $m
  (type (;0;) (func))
  (type $t (;1;) (func (param i32) (result i32)))
  (table $table (;0;) 1 funcref)
  (memory $memory (;0;) 1)
  (tag $tag (;0;) (type 0))
  (global $global (;0;) (mut i32) i32.const 1)
  (export "f" (func $f))
  (elem $elem (;0;) (i32.const 0) func $f)
  (func $f (;0;) (type $t) (param i32) (result i32)
    (local i32)
    local.get 0
    local.tee 1
  )
  (func $init (;1;) (type 0)
    i32.const 1
    global.set $global
  )
  (data (;0;) (i32.const 0) "a")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
