;; As the macro of Wizer's header has it, where there are no constructors: what calls the destructors last is the guest's own.
;; rename: _start=wizer.resume
;; expect: finish() =>
;; expect: get() => i32 7
;; expect: closed() => i32 1
;; expect: _start() =>
;; expect: closed() => i32 2
(module
  (global $state (mut i32) (i32.const 0))
  (global $done (mut i32) (i32.const 0))
  (global $closed (mut i32) (i32.const 0))
  (func $init (global.set $state (i32.const 7)))
  (func $run (global.set $done (global.get $state)))
  (func $__wasm_call_dtors (global.set $closed (i32.add (global.get $closed) (i32.const 1))))
  (func (export "_start") (call $init) (call $run) (call $__wasm_call_dtors))
  (func (export "wizer.initialize") (call $init))
  (func (export "wizer.resume") (call $run) (call $__wasm_call_dtors))
  (func (export "finish") (call $run) (call $__wasm_call_dtors))
  (func (export "get") (result i32) (global.get $done))
  (func (export "closed") (result i32) (global.get $closed)))
