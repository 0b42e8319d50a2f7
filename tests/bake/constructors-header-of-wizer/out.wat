(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $g (;0;) (mut i32) i32.const 11)
  (export "_start" (func 6))
  (export "get" (func 7))
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
    global.get $g
    i32.const 100
    i32.add
    global.set $g
  )
  (func $init (;2;) (type 0)
    global.get $g
    i32.const 10
    i32.add
    global.set $g
  )
  (func $main (;3;) (type 1) (result i32)
    global.get $g
    i32.const 1
    i32.add
    global.set $g
    i32.const 0
  )
  (func (;4;) (type 0)
    call $__wasm_call_ctors
    call $main
    drop
    call $__wasm_call_dtors
  )
  (func (;5;) (type 0)
    call $__wasm_call_ctors
    call $init
  )
  (func (;6;) (type 0)
    call $main
    if ;; label = @1
      unreachable
    end
    call $__wasm_call_dtors
  )
  (func (;7;) (type 1) (result i32)
    global.get $g
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
