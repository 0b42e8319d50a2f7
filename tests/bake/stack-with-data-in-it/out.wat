(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (global (;0;) (mut i32) i32.const 4096)
  (global (;1;) i32 i32.const 2048)
  (export "memory" (memory 0))
  (export "__stack_pointer" (global 0))
  (export "__stack_low" (global 1))
  (export "get" (func 1))
  (func (;0;) (type 0)
    i32.const 3000
    i32.const 7
    i32.store
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (data (;0;) (i32.const 2100) "data")
  (data (;1;) (i32.const 3000) "\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
