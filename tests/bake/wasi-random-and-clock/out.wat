(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (param i32 i64 i32) (result i32)))
  (type (;2;) (func (result i64)))
  (type (;3;) (func (result i64 i64)))
  (type (;4;) (func))
  (import "wasi_snapshot_preview1" "random_get" (func $random (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (;1;) (type 1)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "random" (func 2))
  (export "times" (func 3))
  (func (;2;) (type 2) (result i64)
    i32.const 8
    i64.load
  )
  (func (;3;) (type 3) (result i64 i64)
    i32.const 16
    i64.load
    i32.const 24
    i64.load
  )
  (func (;4;) (type 4)
    i32.const 8
    i32.const 8
    call $random
    drop
    i32.const 0
    i64.const 0
    i32.const 16
    call $clock
    drop
    i32.const 1
    i64.const 0
    i32.const 24
    call $clock
    drop
  )
  (data (;0;) (i32.const 8) "9j\18\a8j\0c\be:\e8\03\fa\edQr\86\18\d0\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
