(module
  (type (;0;) (func))
  (type (;1;) (func (result i64)))
  (global $g (;0;) (mut i64) i64.const 42)
  (export "get" (func 1))
  (func (;0;) (type 0)
    i64.const 6
    i64.const 7
    i64.mul
    global.set $g
  )
  (func (;1;) (type 1) (result i64)
    global.get $g
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
