(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (;0;) (type 0)))
  (global $g (;0;) (mut i32) i32.const 11)
  (export "_start" (func 5))
  (export "get" (func 7))
  (func $__wasm_call_ctors (;1;) (type 1)
    nop
    nop
  )
  (func $construct (;2;) (type 1)
    global.get $g
    i32.const 1
    i32.add
    global.set $g
  )
  (func $__main_void (;3;) (type 2) (result i32)
    global.get $g
    i32.const 100
    i32.add
    global.set $g
    i32.const 0
  )
  (func $__wasm_call_dtors (;4;) (type 1))
  (func (;5;) (type 1)
    (local i32)
    call $__wasm_call_ctors
    call $__main_void
    local.set 0
    call $__wasm_call_dtors
    local.get 0
    if ;; label = @1
      local.get 0
      call $exit
      unreachable
    end
  )
  (func (;6;) (type 1)
    global.get $g
    i32.const 10
    i32.add
    global.set $g
  )
  (func (;7;) (type 2) (result i32)
    global.get $g
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
