(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (;0;) (type 2)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "events" (func 2))
  (func (;1;) (type 0)
    i32.const 0
    i32.const 100
    i32.const 1
    i32.const 200
    call $poll
    if ;; label = @1
      unreachable
    else
    end
  )
  (func (;2;) (type 1) (result i32)
    i32.const 200
    i32.load
  )
  (data (;0;) (i32.const 28) "\ff\ff\ff\0f")
  (data (;1;) (i32.const 200) "\01")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
