(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i64) (result i32)))
  (table (;0;) 2 funcref)
  (memory (;0;) 1)
  (global (;0;) i32 i32.const 1024)
  (global (;1;) i32 i32.const 1028)
  (global (;2;) i32 i32.const 1032)
  (global (;3;) i32 i32.const 1040)
  (global (;4;) i32 i32.const 1100)
  (export "memory" (memory 0))
  (export "table" (table 0))
  (elem (;0;) declare func $f $g)
  (elem (;1;) (i32.const 0) func $g $f)
  (func (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $f (;1;) (type 0) (result i32)
    i32.const 1
  )
  (func $g (;2;) (type 1) (param i64) (result i32)
    i32.const 2
  )
  (func (;3;) (type 0) (result i32)
    i32.const 0
    ref.func $g
    table.set 0
    i32.const 1
    ref.func $f
    table.set 0
    i32.const 0
  )
  (data (;0;) (i32.const 1032) "\02")
  (data (;1;) (i32.const 1100) ",\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08")
  (data (;2;) (i32.const 2000) "g::one\00\00\00\00\00\00\00\00\00\00src/g.rs")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
