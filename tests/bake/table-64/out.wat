(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) i64 3 funcref)
  (export "table" (table 0))
  (elem (;0;) declare func $f)
  (elem (;1;) (table 0) (i64.const 1) func $f $f)
  (func (;0;) (type 0)
    ref.func $f
    i64.const 2
    table.grow 0
    drop
  )
  (func $f (;1;) (type 1) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
