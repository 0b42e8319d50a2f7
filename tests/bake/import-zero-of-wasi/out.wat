(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (import "wasi_snapshot_preview1" "random_get" (func $random (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (;1;) (type 1)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "get" (func 3))
  (func (;2;) (type 2)
    call $yield
    drop
    i32.const 16
    i32.const 0
    i32.const 8
    call $random
    i32.store
  )
  (func (;3;) (type 1) (result i32)
    i32.const 16
    i32.load
    i32.const 0
    i32.load
    i32.or
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
