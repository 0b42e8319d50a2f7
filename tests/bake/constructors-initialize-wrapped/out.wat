(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $constructed (;0;) (mut i32) i32.const 1)
  (global $initialized (;1;) (mut i32) i32.const 1)
  (export "_initialize" (func 7))
  (export "get" (func $get))
  (func $__wasm_call_ctors (;0;) (type 0)
    nop
    nop
    nop
    nop
    nop
    nop
    nop
  )
  (func $__wasm_call_dtors (;1;) (type 0)
    i32.const 57005
    global.set $constructed
  )
  (func $_initialize (;2;) (type 0)
    global.get $initialized
    global.get $constructed
    i32.add
    global.set $initialized
  )
  (func $get (;3;) (type 1) (result i32)
    global.get $constructed
    global.get $initialized
    i32.const 10
    i32.mul
    i32.add
  )
  (func (;4;) (type 0)
    call $__wasm_call_ctors
    call $_initialize
    call $__wasm_call_dtors
  )
  (func (;5;) (type 1) (result i32)
    call $__wasm_call_ctors
    call $get
    call $__wasm_call_dtors
  )
  (func (;6;) (type 0))
  (func (;7;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
