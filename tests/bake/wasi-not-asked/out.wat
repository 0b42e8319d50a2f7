(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fdstat (;1;) (type 1)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $filestat (;2;) (type 1)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (;3;) (type 2)))
  (import "wasi_snapshot_preview1" "environ_get" (func (;4;) (type 1)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "nothing" (func 5))
  (func (;5;) (type 3))
  (func (;6;) (type 3)
    call $yield
    drop
    i32.const 1
    i32.const 64
    call $fdstat
    drop
    i32.const 0
    i32.const 64
    call $filestat
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
