(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (memory (;0;) 2)
  (global $__stack_pointer (;0;) (mut i32) i32.const 66560)
  (export "memory" (memory 0))
  (export "get" (func 1))
  (func (;0;) (type 0)
    i32.const 1024
    i32.const 42
    i32.store
  )
  (func (;1;) (type 1) (result i32)
    i32.const 1024
    i32.load
  )
  (data (;0;) (i32.const 1024) "*")
  (data (;1;) (i32.const 66560) "data")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
