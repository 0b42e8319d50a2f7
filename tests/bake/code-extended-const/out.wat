(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table (;0;) 4 funcref)
  (memory (;0;) 1)
  (global $base (;0;) i32 i32.const 1)
  (global (;1;) (mut i32) i32.const 15)
  (export "memory" (memory 0))
  (export "table" (table 0))
  (export "g" (global 1))
  (elem (;0;) (i32.const 0) func $f)
  (elem (;1;) (i32.const 3) func $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1)
    i32.const 0
    i32.const 3
    table.get 0
    table.set 0
    i32.const 3
    i32.const 65
    i32.store8
  )
  (data (;0;) (i32.const 3) "Abc")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
