(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32)))
  (table (;0;) 4 funcref)
  (export "table" (table 0))
  (export "again" (func 0))
  (elem $segment (;0;) func $one $two)
  (elem (;1;) (i32.const 2) func $one $two)
  (func (;0;) (type 2) (param i32)
    local.get 0
    i32.const 1
    i32.const 1
    table.init $segment
  )
  (func (;1;) (type 0)
    i32.const 2
    i32.const 0
    i32.const 2
    table.init $segment
  )
  (func $one (;2;) (type 1) (result i32)
    i32.const 1
  )
  (func $two (;3;) (type 1) (result i32)
    i32.const 2
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
