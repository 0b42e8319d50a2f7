(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $g (;0;) (mut i32) i32.const 11)
  (global $calls (;1;) (mut i32) i32.const 0)
  (export "get" (func 4))
  (export "calls" (func 5))
  (func $__wasm_call_ctors (;0;) (type 0)
    nop
    nop
    nop
    nop
    nop
    nop
    nop
  )
  (func $count (;1;) (type 0)
    global.get $calls
    i32.const 1
    i32.add
    global.set $calls
  )
  (func $init (;2;) (type 0)
    global.get $g
    i32.const 10
    i32.add
    global.set $g
  )
  (func $get (;3;) (type 1) (result i32)
    global.get $g
  )
  (func (;4;) (type 1) (result i32)
    call $__wasm_call_ctors
    call $get
    call $count
  )
  (func (;5;) (type 1) (result i32)
    global.get $calls
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
