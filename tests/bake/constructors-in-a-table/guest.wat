;; The constructors are in a table.
;; expect: run() => 
;; expect: get() => i32 1
(module
  (global $g (mut i32) (i32.const 0))
  (table 1 funcref)
  (func $__wasm_call_ctors (export "__wasm_call_ctors") (global.set $g (i32.add (global.get $g) (i32.const 1))))
  (elem declare func $__wasm_call_ctors)
  (func (export "run") (call_indirect (i32.const 0)))
  (func (export "get") (result i32) (global.get $g))
  (func (export "wizer-initialize") (table.set (i32.const 0) (ref.func $__wasm_call_ctors))))
