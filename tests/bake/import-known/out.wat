(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i64) (result i64)))
  (type (;3;) (func))
  (type (;4;) (func (result i32)))
  (import "env" "emscripten_resize_heap" (func $resize (;0;) (type 0)))
  (import "env" "emscripten_notify_memory_growth" (func $notify (;1;) (type 1)))
  (import "weval" "read.reg" (func $read (;2;) (type 2)))
  (memory (;0;) 3 3)
  (global $kept (;0;) (mut i32) i32.const 1)
  (export "memory" (memory 0))
  (export "kept" (func 4))
  (export "pages" (func 5))
  (func (;3;) (type 3)
    i32.const 131073
    call $resize
    global.set $kept
    i32.const 0
    call $notify
    i64.const 1
    call $read
    drop
    global.get $kept
    i32.const 196609
    call $resize
    i32.add
    global.set $kept
  )
  (func (;4;) (type 4) (result i32)
    global.get $kept
  )
  (func (;5;) (type 4) (result i32)
    memory.size
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
