(module
  (func $__wasm_call_ctors (export "__wasm_call_ctors") unreachable)
  (func (export "wizer-initialize")))
