(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) 8 funcref)
  (export "table" (table 0))
  (elem (;0;) declare func $three)
  (elem (;1;) (i32.const 1) func $one)
  (elem (;2;) (i32.const 3) func $two)
  (elem (;3;) (i32.const 5) func $three)
  (elem (;4;) (i32.const 7) func $three)
  (func (;0;) (type 0)
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
  (func $one (;1;) (type 1) (result i32)
    i32.const 1
  )
  (func $two (;2;) (type 1) (result i32)
    i32.const 2
  )
  (func $three (;3;) (type 1) (result i32)
    i32.const 3
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
