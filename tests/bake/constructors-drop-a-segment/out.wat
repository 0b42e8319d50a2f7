(module
  (type (;0;) (func))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "__wasm_call_ctors" (func $__wasm_call_ctors))
  (export "copy" (func 1))
  (func $__wasm_call_ctors (;0;) (type 0)
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
  )
  (func (;1;) (type 0)
    i32.const 8
    i32.const 0
    i32.const 3
    memory.init $d
  )
  (func (;2;) (type 0))
  (data $d (;0;) "")
  (data (;1;) (i32.const 0) "abc")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
