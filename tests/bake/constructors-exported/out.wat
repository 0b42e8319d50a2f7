(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "__wasm_call_ctors" (func 0))
  (export "value" (func 2))
  (func (;0;) (type 0)
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
    i32.const 16
    i32.const 16
    i32.load
    i32.const 5
    i32.add
    i32.store
  )
  (func (;2;) (type 1) (result i32)
    i32.const 16
    i32.load
  )
  (data (;0;) (i32.const 16) "i")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
