(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (memory (;0;) 1 1)
  (export "memory" (memory 0))
  (export "run" (func $add))
  (export "wait" (func 1))
  (func $add (;0;) (type 0) (result i32)
    i32.const 8
    i32.const 5
    i32.atomic.rmw.add
  )
  (func (;1;) (type 0) (result i32)
    i32.const 8
    i32.const 0
    i64.const 0
    memory.atomic.wait32
  )
  (func (;2;) (type 1)
    call $add
    drop
    i32.const 8
    i32.const 1
    memory.atomic.notify
    drop
    atomic.fence
  )
  (data (;0;) (i32.const 8) "\05")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
