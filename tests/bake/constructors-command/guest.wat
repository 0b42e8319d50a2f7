;; The linker wraps every export, so that it calls the constructors first and the destructors at last. Baked, they have run once, and what they
;; have made is not destroyed: exports lead to what was wrapped.
;; init: init
;; expect: get() => i32 11
;; expect: get() => i32 11
;; expect: add(2) => i32 13
;; expect: get() => i32 13
(module
  (global $g (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $g (i32.add (global.get $g) (i32.const 1))))
  (func $__wasm_call_dtors (global.set $g (i32.const 0xdead)))
  (func $init (global.set $g (i32.add (global.get $g) (i32.const 10))))
  (func $init.command_export (export "init")
    (call $__wasm_call_ctors) (call $init) (call $__wasm_call_dtors))
  (func $get (result i32) (global.get $g))
  (func $get.command_export (export "get") (result i32)
    (call $__wasm_call_ctors) (call $get) (call $__wasm_call_dtors))
  (func $add (param i32) (result i32) (global.set $g (i32.add (global.get $g) (local.get 0))) (global.get $g))
  (func $add.command_export (export "add") (param i32) (result i32)
    (call $__wasm_call_ctors) (call $add (local.get 0)) (call $__wasm_call_dtors)))
