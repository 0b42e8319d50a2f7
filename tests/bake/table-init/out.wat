(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (table (;0;) 4 funcref)
  (export "table" (table 0))
  (export "again" (func 2))
  (elem $segment (;0;) func $one $two)
  (elem (;1;) (i32.const 2) func $one $two)
  (func $one (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type 0) (result i32)
    i32.const 2
  )
  (func (;2;) (type 1) (param i32)
    local.get 0
    i32.const 1
    i32.const 1
    table.init $segment
  )
  (func (;3;) (type 2)
    i32.const 2
    i32.const 0
    i32.const 2
    table.init $segment
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
