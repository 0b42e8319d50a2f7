(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "__wasm_call_ctors" (func 0))
  (export "value" (func 2))
  (func (;0;) (type 0) (param i32) (result i32)
    i32.const 16
    i32.const 100
    i32.store
    local.get 0
    i32.const 1
    i32.add
  )
  (func (;1;) (type 1)
    i32.const 16
    i32.const 16
    i32.load
    i32.const 5
    i32.add
    i32.store
  )
  (func (;2;) (type 2) (result i32)
    i32.const 16
    i32.load
  )
  (data (;0;) (i32.const 16) "\05")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
