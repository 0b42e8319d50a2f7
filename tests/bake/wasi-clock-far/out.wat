(module
  (type (;0;) (func (param i32 i64 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i64 i64)))
  (type (;4;) (func (result i32 i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (;1;) (type 1)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "times" (func 3))
  (export "events" (func 4))
  (func (;2;) (type 2)
    i32.const 64
    i32.const 256
    i32.const 1
    i32.const 0
    call $poll
    if ;; label = @1
      unreachable
    end
    i32.const 0
    i64.const 0
    i32.const 16
    call $time
    drop
    i32.const 128
    i32.const 256
    i32.const 1
    i32.const 4
    call $poll
    if ;; label = @1
      unreachable
    end
    i32.const 1
    i64.const 0
    i32.const 24
    call $time
    drop
  )
  (func (;3;) (type 3) (result i64 i64)
    i32.const 16
    i64.load
    i32.const 24
    i64.load
  )
  (func (;4;) (type 4) (result i32 i32)
    i32.const 0
    i32.load
    i32.const 4
    i32.load
  )
  (data (;0;) (i32.const 0) "\01\00\00\00\01\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
