(module
  (type (;0;) (func (param i32) (result i64)))
  (type (;1;) (func))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 0) func $f)
  (func $f (;0;) (type 0) (param i32) (result i64)
    (local i64 f32) (local $x i64)
    local.get $x
    i64.const 9
    i64.add
    local.set $x
    local.get $x
  )
  (func (;1;) (type 1)
    i32.const 0
    ref.func $f
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
