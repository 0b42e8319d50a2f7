(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (memory (;0;) 1)
  (global (;0;) i32 i32.const 1024)
  (global (;1;) i32 i32.const 1028)
  (global (;2;) i32 i32.const 1032)
  (global (;3;) i32 i32.const 1040)
  (global (;4;) (mut i32) i32.const 1)
  (global (;5;) i32 i32.const 1100)
  (export "memory" (memory 0))
  (export "log" (global 4))
  (func (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1)
    i32.const 1
    global.set 4
  )
  (func (;2;) (type 0) (result i32)
    unreachable
  )
  (data (;0;) (i32.const 1032) "\02")
  (data (;1;) (i32.const 1100) ",\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08")
  (data (;2;) (i32.const 2000) "g::one\00\00\00\00\00\00\00\00\00\00src/g.rs")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
