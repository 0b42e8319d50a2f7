(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (;0;) (type 0)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "nothing" (func 1))
  (func (;1;) (type 1))
  (func (;2;) (type 1)
    i32.const 2
    i32.const 0
    i32.const 1
    i32.const 16
    call $write
    drop
    i32.const 1
    i32.const 0
    i32.const 1
    i32.const 16
    call $write
    drop
  )
  (data (;0;) (i32.const 0) "\08\00\00\00\06\00\00\00hello\0a\00\00\06")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
