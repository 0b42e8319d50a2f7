(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (table (;0;) 5 7 funcref)
  (export "table" (table 0))
  (export "grow" (func 1))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 1) func $f $f)
  (func (;0;) (type 0)
    ref.func $f
    i32.const 2
    table.grow 0
    drop
    ref.null func
    i32.const 2
    table.grow 0
    drop
  )
  (func (;1;) (type 2) (param i32) (result i32)
    ref.null func
    local.get 0
    table.grow 0
  )
  (func $f (;2;) (type 1) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
