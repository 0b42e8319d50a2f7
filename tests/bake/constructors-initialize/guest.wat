;; A reactor's `_initialize` calls the constructors, so they run there, and once.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (global (export "runs") (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func $_initialize (export "_initialize") (call $__wasm_call_ctors))
  (func (export "wizer-initialize")))
