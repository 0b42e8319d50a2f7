;; The linker has wrapped `_initialize` like every other export: the constructors run before it, and the destructors never.
;; expect: get() => i32 11
;; expect: get() => i32 11
(module
  (global $constructed (mut i32) (i32.const 0))
  (global $initialized (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $constructed (i32.add (global.get $constructed) (i32.const 1))))
  (func $__wasm_call_dtors (global.set $constructed (i32.const 0xdead)))
  (func $_initialize (global.set $initialized (i32.add (global.get $initialized) (global.get $constructed))))
  (func $get (result i32) (i32.add (global.get $constructed) (i32.mul (global.get $initialized) (i32.const 10))))
  (func (export "_initialize") (call $__wasm_call_ctors) (call $_initialize) (call $__wasm_call_dtors))
  (func (export "get") (result i32) (call $__wasm_call_ctors) (call $get) (call $__wasm_call_dtors))
  (func (export "wizer-initialize")))
