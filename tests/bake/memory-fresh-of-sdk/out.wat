(module
  (type (;0;) (func (result i32)))
  (import "env" "memory" (memory (;0;) 1))
  (table (;0;) 1 funcref)
  (global (;0;) i32 i32.const 1024)
  (global (;1;) i32 i32.const 1028)
  (global (;2;) i32 i32.const 1032)
  (global (;3;) i32 i32.const 1040)
  (global (;4;) i32 i32.const 1100)
  (export "memory" (memory 0))
  (export "table" (table 0))
  (export "phase" (func 2))
  (export "log" (func 3))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 0) func $f)
  (func (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $f (;1;) (type 0) (result i32)
    i32.const 3
  )
  (func (;2;) (type 0) (result i32)
    i32.const 1032
    i32.load
  )
  (func (;3;) (type 0) (result i32)
    i32.const 64
    i32.load
  )
  (func (;4;) (type 0) (result i32)
    i32.const 64
    i32.const 1032
    i32.load
    i32.store
    i32.const 0
    ref.func $f
    table.set 0
    i32.const 0
  )
  (data (;0;) (i32.const 64) "\01")
  (data (;1;) (i32.const 1032) "\02")
  (data (;2;) (i32.const 1100) ",\00\00\00\00\00\00\00\05\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08")
  (data (;3;) (i32.const 2000) "g::one\00\00\00\00\00\00\00\00\00\00src/g.rs")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
