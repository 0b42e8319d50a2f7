(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (memory (;0;) 1)
  (global $started (;0;) (mut i32) i32.const 1)
  (export "memory" (memory 0))
  (export "get" (func 1))
  (func $start (;0;) (type 0)
    i32.const 1
    global.set $started
    i32.const 0
    i32.const 99
    i32.store
  )
  (func (;1;) (type 1) (result i32)
    global.get $started
    i32.const 0
    i32.load
    i32.add
  )
  (data (;0;) (i32.const 0) "c")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
