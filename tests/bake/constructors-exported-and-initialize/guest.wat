;; A reactor that exports its constructors, too: `_initialize` runs them, once, and both exports do nothing.
;; expect: _initialize() =>
;; expect: __wasm_call_ctors() =>
;; expect: runs() => i32 1
;; expect: started() => i32 1
(module
  (global $runs (mut i32) (i32.const 0))
  (global $started (mut i32) (i32.const 0))
  (func $ctors (export "__wasm_call_ctors") (global.set $runs (i32.add (global.get $runs) (i32.const 1))))
  (func (export "_initialize")
    (if (global.get $started) (then unreachable))
    (global.set $started (i32.const 1))
    (call $ctors))
  (func (export "runs") (result i32) (global.get $runs))
  (func (export "started") (result i32) (global.get $started)))
