;; What the macro of Wizer's header for C defines: an init function that calls the constructors first, and `wizer.resume` in place of `_start`,
;; which calls the destructors last.
;; rename: _start=wizer.resume
;; expect: get() => i32 11
;; expect: _start() =>
;; expect: get() => i32 112
(module
  (global $g (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $g (i32.add (global.get $g) (i32.const 1))))
  (func $__wasm_call_dtors (global.set $g (i32.add (global.get $g) (i32.const 100))))
  (func $init (global.set $g (i32.add (global.get $g) (i32.const 10))))
  (func $main (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (i32.const 0))
  (func (export "_start")
    (call $__wasm_call_ctors) (drop (call $main)) (call $__wasm_call_dtors))
  (func (export "wizer-initialize") (call $__wasm_call_ctors) (call $init))
  (func (export "wizer.resume")
    (if (call $main) (then unreachable))
    (call $__wasm_call_dtors))
  (func (export "get") (result i32) (global.get $g)))
