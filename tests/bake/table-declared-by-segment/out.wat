(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (export "put" (func 0))
  (elem (;0;) declare func $f)
  (func (;0;) (type 0)
    i32.const 0
    ref.func $f
    table.set 0
  )
  (func (;1;) (type 0)
    i32.const 0
    ref.null func
    table.set 0
  )
  (func $f (;2;) (type 1) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
