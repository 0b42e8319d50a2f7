(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table (;0;) 8 funcref)
  (export "table" (table 0))
  (elem (;0;) (i32.const 1) func $one)
  (elem (;1;) declare func $three)
  (elem (;2;) (i32.const 3) func $two)
  (elem (;3;) (i32.const 5) func $three)
  (elem (;4;) (i32.const 7) func $three)
  (func $one (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type 0) (result i32)
    i32.const 2
  )
  (func $three (;2;) (type 0) (result i32)
    i32.const 3
  )
  (func (;3;) (type 1)
    i32.const 2
    ref.null func
    table.set 0
    i32.const 5
    ref.func $three
    table.set 0
    i32.const 7
    ref.func $three
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
