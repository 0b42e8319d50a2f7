(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table (;0;) i64 3 funcref)
  (export "table" (table 0))
  (elem (;0;) declare func $f)
  (elem (;1;) (i64.const 1) func $f $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1)
    ref.func $f
    i64.const 2
    table.grow 0
    drop
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
