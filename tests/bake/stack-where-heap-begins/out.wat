(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (memory (;0;) 2)
  (global $sp (;0;) (mut i32) i32.const 131072)
  (global (;1;) i32 i32.const 1040)
  (global (;2;) i32 i32.const 1040)
  (export "memory" (memory 0))
  (export "__stack_pointer" (global $sp))
  (export "__data_end" (global 1))
  (export "__heap_base" (global 2))
  (export "get" (func 1))
  (func (;0;) (type 0)
    i32.const 2000
    i32.const 7
    i32.store
  )
  (func (;1;) (type 1) (result i32)
    i32.const 2000
    i32.load
  )
  (data (;0;) (i32.const 2000) "\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
