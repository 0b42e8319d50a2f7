(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $state (;0;) (mut i32) i32.const 7)
  (global $done (;1;) (mut i32) i32.const 0)
  (global $closed (;2;) (mut i32) i32.const 0)
  (export "_start" (func 5))
  (export "finish" (func 6))
  (export "get" (func 7))
  (export "closed" (func 8))
  (func $init (;0;) (type 0)
    i32.const 7
    global.set $state
  )
  (func $run (;1;) (type 0)
    global.get $state
    global.set $done
  )
  (func $__wasm_call_dtors (;2;) (type 0)
    global.get $closed
    i32.const 1
    i32.add
    global.set $closed
  )
  (func (;3;) (type 0)
    call $init
    call $run
    call $__wasm_call_dtors
  )
  (func (;4;) (type 0)
    call $init
  )
  (func (;5;) (type 0)
    call $run
    call $__wasm_call_dtors
  )
  (func (;6;) (type 0)
    call $run
    call $__wasm_call_dtors
  )
  (func (;7;) (type 1) (result i32)
    global.get $done
  )
  (func (;8;) (type 1) (result i32)
    global.get $closed
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
