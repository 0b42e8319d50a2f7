;; The linker's wrappers call the constructors on each call; baked, they have run once.
;; init: init
;; expect: get() => i32 11
;; expect: get() => i32 11
(module
  (global $g (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $g (i32.add (global.get $g) (i32.const 1))))
  (func $__wasm_call_dtors)
  (func $init (global.set $g (i32.add (global.get $g) (i32.const 10))))
  (func $init.command_export (export "init")
    (call $__wasm_call_ctors) (call $init) (call $__wasm_call_dtors))
  (func $get (result i32) (global.get $g))
  (func $get.command_export (export "get") (result i32)
    (call $__wasm_call_ctors) (call $get) (call $__wasm_call_dtors)))
