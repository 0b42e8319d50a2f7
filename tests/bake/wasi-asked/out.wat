(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func))
  (type (;4;) (func (result i32 i32 i32 i32 i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (;1;) (type 0)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (;2;) (type 0)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (;3;) (type 1)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (;4;) (type 2)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "answers" (func 6))
  (func (;5;) (type 3)
    i32.const 0
    i32.const 32
    i32.const 36
    call $environ_sizes
    i32.store
    i32.const 4
    i32.const 32
    i32.const 36
    call $args
    i32.store
    i32.const 8
    i32.const 3
    i32.const 32
    call $prestat
    i32.store
    i32.const 12
    i32.const 0
    i32.const 40
    i32.const 1
    i32.const 48
    call $read
    i32.store
    i32.const 16
    i32.const 2
    call $close
    i32.store
  )
  (func (;6;) (type 4) (result i32 i32 i32 i32 i32)
    i32.const 0
    i32.load
    i32.const 4
    i32.load
    i32.const 8
    i32.load
    i32.const 12
    i32.load
    i32.const 16
    i32.load
  )
  (data (;0;) (i32.const 8) "\08")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
