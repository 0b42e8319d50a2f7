;; Constructors that the engine does not take, and that nobody calls.
;; for-v8
;; answer: get() => i32 1
(module
  (tag $t)
  (global $g (mut i32) (i32.const 0))
  (func $__wasm_call_ctors try catch $t end)
  (func (export "wizer.initialize") (global.set $g (i32.const 1)))
  (func (export "get") (result i32) (global.get $g)))
