;; `_start` calls the constructors, which have run by then.
;; expect: _start() => 
;; expect: get() => i32 1
(module
  (global $g (mut i32) (i32.const 0))
  (func $__wasm_call_ctors (global.set $g (i32.add (global.get $g) (i32.const 1))))
  (func (export "_start") (call $__wasm_call_ctors))
  (func (export "get") (result i32) (global.get $g))
  (func (export "wizer-initialize")
    (if (i32.ne (global.get $g) (i32.const 1)) (then unreachable))))
