;; An `_initialize` that calls the constructors, and then one other function, is like a wrapper of the linker's around that: both run once.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (global $constructed (export "constructed") (mut i32) (i32.const 0))
  (global $set_up (export "set up") (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $constructed (i32.add (global.get $constructed) (i32.const 1))))
  (func $set_up (global.set $set_up (i32.add (global.get $set_up) (global.get $constructed))))
  (func (export "_initialize") (call $__wasm_call_ctors) (call $set_up))
  (func (export "wizer-initialize")))
