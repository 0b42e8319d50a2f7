(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $g (;0;) (mut i32) i32.const 1)
  (export "_start" (func 1))
  (export "get" (func 2))
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
    call $__wasm_call_ctors
  )
  (func (;2;) (type 1) (result i32)
    global.get $g
  )
  (func (;3;) (type 0)
    global.get $g
    i32.const 1
    i32.ne
    if ;; label = @1
      unreachable
    end
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
