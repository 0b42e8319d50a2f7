(module
  (type $s (;0;) (struct (field (mut i32))))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (global $g (;0;) (ref $s) i32.const 2 struct.new $s)
  (global $unchanged (;1;) i31ref i32.const 1 ref.i31)
  (export "g" (global $g))
  (export "h" (global $unchanged))
  (export "get" (func 0))
  (func (;0;) (type 1) (result i32)
    global.get $g
    struct.get $s 0
  )
  (func (;1;) (type 2)
    global.get $g
    i32.const 2
    struct.set $s 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
