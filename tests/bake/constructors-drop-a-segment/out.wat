(module
  (type (;0;) (func))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "__wasm_call_ctors" (func $__wasm_call_ctors))
  (export "copy" (func 0))
  (func (;0;) (type 0)
    i32.const 8
    i32.const 0
    i32.const 3
    memory.init $d
  )
  (func $__wasm_call_ctors (;1;) (type 0))
  (func (;2;) (type 0))
  (data $d (;0;) "")
  (data (;1;) (i32.const 0) "abc")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
