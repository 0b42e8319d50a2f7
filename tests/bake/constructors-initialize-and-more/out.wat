(module
  (type (;0;) (func))
  (global $constructed (;0;) (mut i32) i32.const 1)
  (global $set_up (;1;) (mut i32) i32.const 1)
  (export "constructed" (global $constructed))
  (export "set up" (global $set_up))
  (export "_initialize" (func 4))
  (func $__wasm_call_ctors (;0;) (type 0)
    nop
    nop
    nop
    nop
    nop
    nop
    nop
  )
  (func $set_up (;1;) (type 0)
    global.get $set_up
    global.get $constructed
    i32.add
    global.set $set_up
  )
  (func (;2;) (type 0)
    call $__wasm_call_ctors
    call $set_up
  )
  (func (;3;) (type 0))
  (func (;4;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
