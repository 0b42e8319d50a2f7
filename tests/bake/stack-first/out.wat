(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (memory (;0;) 2)
  (global $__stack_pointer (;0;) (mut i32) i32.const 65536)
  (global (;1;) i32 i32.const 0)
  (global (;2;) i32 i32.const 65536)
  (export "memory" (memory 0))
  (export "__stack_low" (global 1))
  (export "__stack_high" (global 2))
  (export "push" (func 1))
  (export "get" (func 2))
  (func (;0;) (type 0)
    global.get $__stack_pointer
    i32.const 4096
    i32.sub
    global.set $__stack_pointer
    global.get $__stack_pointer
    i32.const 7
    i32.const 4000
    memory.fill
    i32.const 65540
    global.get $__stack_pointer
    i32.load
    i32.store
    global.get $__stack_pointer
    i32.const 4096
    i32.add
    global.set $__stack_pointer
  )
  (func (;1;) (type 1) (result i32)
    i32.const 65532
    i32.const 5
    i32.store
    i32.const 65532
    i32.load
  )
  (func (;2;) (type 2) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (data (;0;) (i32.const 65536) "data\07\07\07\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
