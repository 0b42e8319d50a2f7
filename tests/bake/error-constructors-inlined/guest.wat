;; Something has put the body of what the linker had wrapped into its wrapper, so that the destructors cannot be kept apart.
;; init: init
(module
  (global $g (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $g (i32.add (global.get $g) (i32.const 1))))
  (func $__wasm_call_dtors (global.set $g (i32.const 0)))
  (func (export "init")
    (call $__wasm_call_ctors) (global.set $g (i32.add (global.get $g) (i32.const 10))) (call $__wasm_call_dtors))
  (func (export "get") (result i32)
    (call $__wasm_call_ctors) (global.get $g) (call $__wasm_call_dtors)))
