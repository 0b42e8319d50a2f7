(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func))
  (import "env" "start" (func $start (;0;) (type 1)))
  (import "env" "f" (func $f (;1;) (type $f)))
  (table (;0;) 3 funcref)
  (global (;0;) (mut i32) i32.const 5)
  (export "g" (global 0))
  (export "table" (table 0))
  (export "__wasm_call_ctors" (func $__wasm_call_ctors))
  (export "through" (func 3))
  (export "f" (func $f))
  (elem (;0;) (i32.const 1) func $f $f)
  (func $__wasm_call_ctors (;2;) (type 1)
    nop
    nop
    nop
  )
  (func (;3;) (type $f) (result i32)
    global.get 0
    i32.const 1
    call_indirect (type $f)
    i32.add
    global.set 0
    i32.const 2
    ref.func $f
    table.set 0
    i32.const 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
