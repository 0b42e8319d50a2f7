(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (table (;0;) 5 7 funcref)
  (export "table" (table 0))
  (export "grow" (func 1))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 1) func $f $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1) (param i32) (result i32)
    ref.null func
    local.get 0
    table.grow 0
  )
  (func (;2;) (type 2)
    ref.func $f
    i32.const 2
    table.grow 0
    drop
    ref.null func
    i32.const 2
    table.grow 0
    drop
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
