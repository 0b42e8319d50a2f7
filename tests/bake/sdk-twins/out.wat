(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (global (;0;) i32 i32.const 1024)
  (global (;1;) i32 i32.const 1028)
  (global (;2;) i32 i32.const 1032)
  (global (;3;) i32 i32.const 1040)
  (global (;4;) (mut i32) i32.const 12)
  (global (;5;) i32 i32.const 1200)
  (global (;6;) i32 i32.const 1100)
  (export "memory" (memory 0))
  (export "log" (global 4))
  (func (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $log (;1;) (type 1) (param i32) (result i32)
    global.get 4
    i32.const 10
    i32.mul
    local.get 0
    i32.add
    global.set 4
    i32.const 0
  )
  (func (;2;) (type 0) (result i32)
    i32.const 2
    call $log
  )
  (func (;3;) (type 0) (result i32)
    i32.const 1
    call $log
  )
  (data (;0;) (i32.const 1032) "\02")
  (data (;1;) (i32.const 1100) ",\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08")
  (data (;2;) (i32.const 1200) ",\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08")
  (data (;3;) (i32.const 2000) "g::one\00\00\00\00\00\00\00\00\00\00src/g.rs")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
