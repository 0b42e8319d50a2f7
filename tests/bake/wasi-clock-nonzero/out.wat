(module
  (type (;0;) (func (param i32 i64 i32) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (;0;) (type 0)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "_initialize" (func 3))
  (export "started" (func 2))
  (func (;1;) (type 1)
    i32.const 1
    i64.const 1
    i32.const 8
    call $time
    drop
    i32.const 8
    i64.load
    i64.eqz
    if ;; label = @1
      unreachable
    end
  )
  (func (;2;) (type 2) (result i32)
    i32.const 8
    i64.load
    i64.const 0
    i64.ne
  )
  (func (;3;) (type 1))
  (data (;0;) (i32.const 8) "\e8\03")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
