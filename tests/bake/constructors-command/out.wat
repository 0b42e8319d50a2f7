(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (global $g (;0;) (mut i32) i32.const 11)
  (export "get" (func $get))
  (export "add" (func $add))
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
    global.set $g
  )
  (func $init (;2;) (type 0)
    global.get $g
    i32.const 10
    i32.add
    global.set $g
  )
  (func $init.command_export (;3;) (type 0)
    call $__wasm_call_ctors
    call $init
    call $__wasm_call_dtors
  )
  (func $get (;4;) (type 1) (result i32)
    global.get $g
  )
  (func $get.command_export (;5;) (type 1) (result i32)
    call $__wasm_call_ctors
    call $get
    call $__wasm_call_dtors
  )
  (func $add (;6;) (type 2) (param i32) (result i32)
    global.get $g
    local.get 0
    i32.add
    global.set $g
    global.get $g
  )
  (func $add.command_export (;7;) (type 2) (param i32) (result i32)
    call $__wasm_call_ctors
    local.get 0
    call $add
    call $__wasm_call_dtors
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
