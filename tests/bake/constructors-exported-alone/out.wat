(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $runs (;0;) (mut i32) i32.const 1)
  (export "__wasm_call_ctors" (func 0))
  (export "runs" (func 1))
  (func (;0;) (type 0)
    nop
    nop
    nop
    nop
    nop
    nop
    nop
  )
  (func (;1;) (type 1) (result i32)
    global.get $runs
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
