;; The end of the data is exported, and between it and the pointer the heap begins: not every linker lays memory out as wasm-ld does.
;; init: init
;; answer: get() => i32 7
(module
  (memory (export "memory") 1)
  (global (export "__stack_pointer") (mut i32) (i32.const 8192))
  (global (export "__data_end") i32 (i32.const 1024))
  (global (export "__heap_base") i32 (i32.const 2048))
  (func (export "init") (i32.store (i32.const 3000) (i32.const 7)))
  (func (export "get") (result i32) (i32.load (i32.const 3000))))
