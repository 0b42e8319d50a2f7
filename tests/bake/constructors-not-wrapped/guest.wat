;; The constructors are called first and something else at last, which is not the destructors: it is called after the bake as before.
;; init: init
;; expect: get() => i32 11
;; expect: calls() => i32 1
(module
  (global $g (mut i32) (i32.const 0))
  (global $calls (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $g (i32.add (global.get $g) (i32.const 1))))
  (func $count (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
  (func $init (export "init") (global.set $g (i32.add (global.get $g) (i32.const 10))))
  (func $get (result i32) (global.get $g))
  (func (export "get") (result i32)
    (call $__wasm_call_ctors) (call $get) (call $count))
  (func (export "calls") (result i32) (global.get $calls)))
