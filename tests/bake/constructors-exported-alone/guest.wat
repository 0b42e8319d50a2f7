;; Nothing but constructors that the host calls: these are the init.
;; expect: __wasm_call_ctors() =>
;; expect: runs() => i32 1
(module
  (global $runs (mut i32) (i32.const 0))
  (func (export "__wasm_call_ctors") (global.set $runs (i32.add (global.get $runs) (i32.const 1))))
  (func (export "runs") (result i32) (global.get $runs)))
