(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (global $__stack_pointer (;0;) (mut i32) i32.const 8192)
  (global (;1;) i32 i32.const 0)
  (global (;2;) i32 i32.const 4096)
  (export "memory" (memory 0))
  (export "__stack_low" (global 1))
  (export "__stack_high" (global 2))
  (export "get" (func 1))
  (func (;0;) (type 0)
    i32.const 4000
    i32.const 7
    i32.store
    i32.const 8192
    global.set $__stack_pointer
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (data (;0;) (i32.const 4000) "\07")
  (data (;1;) (i32.const 4096) "data")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
