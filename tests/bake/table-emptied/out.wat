(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) 2 funcref)
  (export "table" (table 0))
  (func (;0;) (type 0)
    i32.const 0
    ref.null func
    i32.const 2
    table.fill 0
  )
  (func $f (;1;) (type 1) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
