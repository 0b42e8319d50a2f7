(module
  (type (;0;) (func (param i32 i64 i32) (result i32)))
  (type (;1;) (func (result i64)))
  (type (;2;) (func))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (;0;) (type 0)))
  (memory (;0;) 1)
  (global $passed (;0;) (mut i64) i64.const 100000000)
  (export "memory" (memory 0))
  (export "passed" (func 3))
  (func $now (;1;) (type 1) (result i64)
    i32.const 0
    i64.const 1
    i32.const 8
    call $time
    drop
    i32.const 8
    i64.load
  )
  (func (;2;) (type 2)
    (local $start i64)
    call $now
    local.set $start
    loop $again
      call $now
      local.get $start
      i64.sub
      global.set $passed
      global.get $passed
      i64.const 100000000
      i64.lt_u
      br_if $again
    end
  )
  (func (;3;) (type 1) (result i64)
    global.get $passed
  )
  (data (;0;) (i32.const 8) "\e8\e4\ef\f3Qr\86\18")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
