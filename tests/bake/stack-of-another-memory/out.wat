(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (memory $other (;0;) 2)
  (memory $main (;1;) 2)
  (global $sp (;0;) (mut i32) i32.const 65536)
  (global (;1;) i32 i32.const 1024)
  (global (;2;) i32 i32.const 65536)
  (export "other" (memory $other))
  (export "memory" (memory $main))
  (export "__stack_pointer" (global $sp))
  (export "__stack_low" (global 1))
  (export "__heap_base" (global 2))
  (export "get" (func 1))
  (func (;0;) (type 0)
    i32.const 2000
    i32.const 7
    i32.store
    i32.const 2000
    i32.const 8
    i32.store $main
  )
  (func (;1;) (type 1) (result i32)
    i32.const 2000
    i32.load
  )
  (data (;0;) (i32.const 2000) "\07")
  (data (;1;) (memory $main) (i32.const 2000) "\08")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
