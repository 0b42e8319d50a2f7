(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (import "env" "memory" (memory (;0;) 1 10))
  (global $size (;0;) (mut i32) i32.const 1)
  (export "get" (func 1))
  (export "size" (func 2))
  (export "load" (func 3))
  (func (;0;) (type 0)
    i32.const 3
    i32.const 0
    i32.store8
    i32.const 100
    i32.const 0
    i32.store
    memory.size
    global.set $size
    i32.const 64
    i32.const 41
    i32.store
  )
  (func (;1;) (type 1) (result i32)
    i32.const 64
    i32.load
  )
  (func (;2;) (type 1) (result i32)
    global.get $size
  )
  (func (;3;) (type 2) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (data (;0;) (i32.const 0) "abx\00z\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00)")
  (data (;1;) (i32.const 65535) "\01")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
