(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) 1 funcref)
  (global $g (;0;) (mut i32) i32.const 1)
  (export "__wasm_call_ctors" (func $__wasm_call_ctors))
  (export "run" (func 1))
  (export "get" (func 2))
  (elem (;0;) declare func $__wasm_call_ctors)
  (elem (;1;) (i32.const 0) func $__wasm_call_ctors)
  (func $__wasm_call_ctors (;0;) (type 0)
    nop
    nop
    nop
    nop
    nop
    nop
    nop
  )
  (func (;1;) (type 0)
    i32.const 0
    call_indirect (type 0)
  )
  (func (;2;) (type 1) (result i32)
    global.get $g
  )
  (func (;3;) (type 0)
    i32.const 0
    ref.func $__wasm_call_ctors
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
