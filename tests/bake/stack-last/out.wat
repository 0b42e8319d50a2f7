(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (global (;0;) (mut i32) i32.const 4096)
  (global (;1;) i32 i32.const 1093)
  (export "memory" (memory 0))
  (export "__stack_pointer" (global 0))
  (export "__data_end" (global 1))
  (export "get" (func 1))
  (func (;0;) (type 0)
    i32.const 1090
    i32.const 7
    i32.const 40
    memory.fill
    i32.const 4000
    i32.const 7
    i32.const 100
    memory.fill
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (data (;0;) (i32.const 1024) "data\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\07\07\07\07\07\07\07\07\07\07\07\07\07\07")
  (data (;1;) (i32.const 4096) "\07\07\07\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
