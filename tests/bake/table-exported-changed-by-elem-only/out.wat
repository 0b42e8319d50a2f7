(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table (;0;) 3 funcref)
  (export "table" (table 0))
  (elem (;0;) (i32.const 0) func $one $one $one)
  (elem (;1;) (i32.const 1) func $two)
  (func $one (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type 0) (result i32)
    i32.const 2
  )
  (func (;2;) (type 1))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
