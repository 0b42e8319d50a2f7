(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (memory (;0;) 2)
  (global $__stack_pointer (;0;) (mut i32) i32.const 66560)
  (export "memory" (memory 0))
  (export "get" (func 2))
  (export "get2" (func 3))
  (export "push" (func 4))
  (func (;0;) (type 0)
    i32.const 70000
    i32.const 7
    i32.store
  )
  (func (;1;) (type 0)
    i32.const 1024
    i32.const 42
    i32.store
  )
  (func (;2;) (type 1) (result i32)
    i32.const 1024
    i32.load
  )
  (func (;3;) (type 1) (result i32)
    i32.const 70000
    i32.load
  )
  (func (;4;) (type 0)
    global.get $__stack_pointer
    i32.const 16
    i32.sub
    global.set $__stack_pointer
  )
  (data (;0;) (i32.const 1024) "*")
  (data (;1;) (i32.const 70000) "\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
