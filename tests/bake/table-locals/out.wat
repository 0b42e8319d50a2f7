(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i64)))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 0) func $f)
  (func $f (;0;) (type 1) (param i32) (result i64)
    (local i64)
    local.get 1
    i64.const 9
    i64.add
    local.set 1
    local.get 1
  )
  (func (;1;) (type 0)
    i32.const 0
    ref.func $f
    table.set 0
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
