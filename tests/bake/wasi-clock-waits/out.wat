(module
  (type (;0;) (func (param i32 i64 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (result i64)))
  (type (;3;) (func))
  (type (;4;) (func (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (;1;) (type 1)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "done" (func 4))
  (func $now (;2;) (type 2) (result i64)
    i32.const 1
    i64.const 1
    i32.const 8
    call $time
    drop
    i32.const 8
    i64.load
  )
  (func (;3;) (type 3)
    (local $end i64)
    call $now
    i64.const 5000000
    i64.add
    local.set $end
    loop $again
      i32.const 64
      i64.const 7
      i64.store
      i32.const 72
      i32.const 0
      i32.store8
      i32.const 80
      i32.const 1
      i32.store
      i32.const 88
      i64.const 5000000
      i64.store
      i32.const 64
      i32.const 128
      i32.const 1
      i32.const 192
      call $poll
      drop
      call $now
      local.get $end
      i64.lt_u
      br_if $again
    end
    i32.const 0
    i32.const 1
    i32.store
  )
  (func (;4;) (type 4) (result i32)
    i32.const 0
    i32.load
  )
  (data (;0;) (i32.const 0) "\01\00\00\00\00\00\00\00\10SL\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\07\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00@KL\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\07\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
