(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $g (;0;) (mut i32) i32.const 11)
  (export "get" (func $get.command_export))
  (func $init (;0;) (type 0)
    global.get $g
    i32.const 10
    i32.add
    global.set $g
  )
  (func $init.command_export (;1;) (type 0)
    call $__wasm_call_ctors
    call $init
    call $__wasm_call_dtors
  )
  (func $get.command_export (;2;) (type 1) (result i32)
    call $__wasm_call_ctors
    call $get
    call $__wasm_call_dtors
  )
  (func $get (;3;) (type 1) (result i32)
    global.get $g
  )
  (func $__wasm_call_ctors (;4;) (type 0))
  (func $__wasm_call_dtors (;5;) (type 0))
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
