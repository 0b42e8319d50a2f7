(module
  (type (;0;) (func (param i32 i64 i32) (result i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i64 i64 i64 i64)))
  (type (;4;) (func (result i32 i32 i64)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "clock_res_get" (func $resolution (;1;) (type 1)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "times" (func 3))
  (export "resolutions" (func 4))
  (export "fifth" (func 5))
  (func (;2;) (type 2)
    (local $clock i32)
    loop $again
      local.get $clock
      i64.const 0
      local.get $clock
      i32.const 3
      i32.shl
      call $time
      if ;; label = @2
        unreachable
      end
      local.get $clock
      i32.const 64
      local.get $clock
      i32.const 3
      i32.shl
      i32.add
      call $resolution
      if ;; label = @2
        unreachable
      end
      local.get $clock
      i32.const 1
      i32.add
      local.set $clock
      local.get $clock
      i32.const 4
      i32.lt_u
      br_if $again
    end
    i32.const 128
    i32.const 4
    i64.const 0
    i32.const 136
    call $time
    i32.store
    i32.const 132
    i32.const 4
    i32.const 136
    call $resolution
    i32.store
  )
  (func (;3;) (type 3) (result i64 i64 i64 i64)
    i32.const 0
    i64.load
    i32.const 8
    i64.load
    i32.const 16
    i64.load
    i32.const 24
    i64.load
  )
  (func (;4;) (type 3) (result i64 i64 i64 i64)
    i32.const 64
    i64.load
    i32.const 72
    i64.load
    i32.const 80
    i64.load
    i32.const 88
    i64.load
  )
  (func (;5;) (type 4) (result i32 i32 i64)
    i32.const 128
    i32.load
    i32.const 132
    i32.load
    i32.const 136
    i64.load
  )
  (data (;0;) (i32.const 0) "\e8\03\fa\edQr\86\18\d0\07\00\00\00\00\00\00\b8\0b\00\00\00\00\00\00\a0\0f\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\1c\00\00\00\1c")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
