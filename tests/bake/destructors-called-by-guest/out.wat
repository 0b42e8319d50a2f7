(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "_initialize" (func 8))
  (export "shutdown" (func $shutdown))
  (export "alive" (func $alive))
  (export "both" (func 7))
  (func $__wasm_call_ctors (;0;) (type 0)
    i32.const 16
    i32.const 1
    i32.store
  )
  (func $__wasm_call_dtors (;1;) (type 0)
    i32.const 16
    i32.const 0
    i32.store
  )
  (func $_initialize (;2;) (type 0)
    call $__wasm_call_ctors
  )
  (func $init (;3;) (type 0)
    i32.const 20
    i32.const 7
    i32.store
  )
  (func $flush (;4;) (type 0)
    i32.const 24
    i32.const 1
    i32.store
  )
  (func $shutdown (;5;) (type 0)
    call $flush
    call $__wasm_call_dtors
  )
  (func $alive (;6;) (type 1) (result i32)
    i32.const 16
    i32.load
  )
  (func (;7;) (type 1) (result i32)
    call $shutdown
    call $alive
  )
  (func (;8;) (type 0))
  (data (;0;) (i32.const 16) "\01\00\00\00\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
