(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (result i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "exit" (func $exit))
  (export "n" (func $n))
  (func $__wasm_call_dtors (;0;) (type 0)
    i32.const 16
    i32.const 0
    i32.store
  )
  (func $init (;1;) (type 0)
    i32.const 16
    i32.const 7
    i32.store
  )
  (func $exit_code (;2;) (type 1) (param i32) (result i32)
    local.get 0
  )
  (func $exit (;3;) (type 1) (param i32) (result i32)
    local.get 0
    call $exit_code
    call $__wasm_call_dtors
  )
  (func $n (;4;) (type 2) (result i32)
    i32.const 16
    i32.load
  )
  (data (;0;) (i32.const 16) "\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
