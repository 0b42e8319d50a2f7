(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (global $__stack_pointer (;0;) (mut i32) i32.const 4096)
  (global (;1;) (mut i32) i32.const 4096)
  (global (;2;) i32 i32.const 1024)
  (global (;3;) i32 i32.const 1028)
  (global (;4;) i32 i32.const 1032)
  (global (;5;) i32 i32.const 1040)
  (global (;6;) i32 i32.const 1060)
  (global (;7;) i32 i32.const 1100)
  (export "memory" (memory 0))
  (export "get" (func 1))
  (func (;0;) (type 0) (result i32)
    i32.const 4000
    i32.const 7
    i32.store
    i32.const 0
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (data (;0;) (i32.const 1032) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\08\00\00\00\10\00\00\00\14\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00,\00\00\00\00\00\00\00\05\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08")
  (data (;1;) (i32.const 2000) "g::one\00\00\00\00\00\00\00\00\00\00src/g.rs")
  (data (;2;) (i32.const 4000) "\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
