(module
  (type (;0;) (func (param i32 i64 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i32 i64 i64 i64)))
  (type (;4;) (func (result i64 i64 i64)))
  (type (;5;) (func (result i64)))
  (type (;6;) (func (result i32 i64)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (;1;) (type 1)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "first" (func 3))
  (export "events" (func 4))
  (export "now" (func 5))
  (export "second" (func 6))
  (func (;2;) (type 2)
    i32.const 1024
    i32.const 2048
    i32.const 5
    i32.const 0
    call $poll
    if ;; label = @1
      unreachable
    end
    i32.const 1
    i64.const 0
    i32.const 8
    call $time
    drop
    i32.const 1024
    i32.const 1024
    i32.const 1
    i32.const 4
    call $poll
    if ;; label = @1
      unreachable
    end
  )
  (func (;3;) (type 3) (result i32 i64 i64 i64)
    i32.const 0
    i32.load
    i32.const 2048
    i64.load
    i32.const 2080
    i64.load
    i32.const 2112
    i64.load
  )
  (func (;4;) (type 4) (result i64 i64 i64)
    i32.const 2056
    i64.load
    i32.const 2064
    i64.load
    i32.const 2072
    i64.load
  )
  (func (;5;) (type 5) (result i64)
    i32.const 8
    i64.load
  )
  (func (;6;) (type 6) (result i32 i64)
    i32.const 4
    i32.load
    i32.const 1024
    i64.load
  )
  (data (;0;) (i32.const 0) "\03\00\00\00\01\00\00\00\a8\d3j")
  (data (;1;) (i32.const 1024) "\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\c0\cfj\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\c0\cfj\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\c1\cfd\eeQr\86\18\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\05\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\c0\cfj\00\00\00\00\00\00\00\00\00\00\00\00\00\01")
  (data (;2;) (i32.const 2048) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\05")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
