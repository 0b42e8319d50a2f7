(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (memory (;0;) 2)
  (global $sp (;0;) (mut i32) i32.const 65520)
  (global $brk (;1;) (mut i32) i32.const 65536)
  (global (;2;) i32 i32.const 1024)
  (global (;3;) i32 i32.const 65536)
  (export "memory" (memory 0))
  (export "__stack_low" (global 2))
  (export "__stack_high" (global 3))
  (export "get" (func 1))
  (export "sbrk" (func 2))
  (export "sp" (func 3))
  (func (;0;) (type 0)
    i32.const 65524
    i32.const 7
    i32.store
    global.get $sp
    i32.const 16
    i32.sub
    global.set $sp
    global.get $sp
    i32.const 16
    i32.add
    global.set $sp
  )
  (func (;1;) (type 1) (result i32)
    i32.const 65524
    i32.load
  )
  (func (;2;) (type 2) (param i32) (result i32)
    global.get $brk
    global.get $brk
    local.get 0
    i32.add
    global.set $brk
  )
  (func (;3;) (type 1) (result i32)
    global.get $sp
  )
  (data (;0;) (i32.const 65524) "\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
