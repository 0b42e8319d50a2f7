(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32 i32) (result i32)))
  (type (;3;) (func (result i32)))
  (import "env" "log" (func $log (;0;) (type 1)))
  (table (;0;) 2 funcref)
  (memory (;0;) 1)
  (global $kept (;0;) (mut i32) i32.const 7)
  (export "memory" (memory 0))
  (export "shout" (func $shout))
  (export "other" (func 5))
  (export "random" (func 6))
  (export "get" (func 7))
  (elem (;0;) (i32.const 0) func $"wasi_snapshot_preview1.random_get (stub)" $log)
  (func $"wasi_snapshot_preview1.fd_write (stub)" (;1;) (type 0) (param i32 i32 i32 i32) (result i32)
    unreachable
  )
  (func $"wasi_snapshot_preview1.random_get (stub)" (;2;) (type 2) (param i32 i32) (result i32)
    unreachable
  )
  (func $write (;3;) (type 1)
    i32.const 32
    i32.const 8
    i32.store
    i32.const 36
    i32.const 6
    i32.store
    i32.const 1
    i32.const 32
    i32.const 1
    i32.const 40
    call $"wasi_snapshot_preview1.fd_write (stub)"
    drop
  )
  (func $shout (;4;) (type 1)
    call $write
  )
  (func (;5;) (type 3) (result i32)
    call $log
    i32.const 1
  )
  (func (;6;) (type 3) (result i32)
    i32.const 0
    i32.const 1
    i32.const 0
    call_indirect (type 2)
  )
  (func (;7;) (type 3) (result i32)
    global.get $kept
  )
  (data (;0;) (i32.const 8) "hello\0a\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\08\00\00\00\06\00\00\00\06")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
