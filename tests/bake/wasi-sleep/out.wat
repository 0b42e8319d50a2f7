(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (;0;) (type 0)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "events" (func 1))
  (func (;1;) (type 1) (result i32)
    i32.const 200
    i32.load
  )
  (func (;2;) (type 2)
    i32.const 0
    i32.const 100
    i32.const 1
    i32.const 200
    call $poll
    if ;; label = @1
      unreachable
    end
  )
  (data (;0;) (i32.const 28) "\ff\ff\ff\0f")
  (data (;1;) (i32.const 200) "\01")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
