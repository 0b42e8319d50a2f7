(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (global (;0;) (mut i32) i32.const 4000)
  (global (;1;) i32 i32.const 2048)
  (global (;2;) i32 i32.const 4096)
  (export "memory" (memory 0))
  (export "__stack_pointer" (global 0))
  (export "__stack_low" (global 1))
  (export "__stack_high" (global 2))
  (export "get" (func 2))
  (func (;0;) (type 0)
    i32.const 2048
    i32.const 7
    i32.const 2048
    memory.fill
    i32.const 4000
    global.set 0
  )
  (func (;1;) (type 0)
    i32.const 2048
    i32.const 7
    i32.const 1000
    memory.fill
    i32.const 1024
    i32.const 7
    i32.store
  )
  (func (;2;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (data (;0;) (i32.const 1024) "\07")
  (data (;1;) (i32.const 4000) "\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
