;; What the constructors drop is dropped.
;; expect: copy() => trap: MemoryOutOfBounds
(module
  (memory (export "memory") 1)
  (data $d "abc")
  (func $__wasm_call_ctors (export "__wasm_call_ctors")
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3))
    (data.drop $d))
  (func (export "copy") (memory.init $d (i32.const 8) (i32.const 0) (i32.const 3)))
  (func (export "wizer-initialize")))
