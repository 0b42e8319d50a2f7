;; The stack is behind the data, whose end is exported: from there, rounded up, to the pointer.
;; init: init
;; dead: 1104..4096
;; call: get(1024) get(1100) get(4096)
(module
  (memory (export "memory") 1)
  (global (export "__stack_pointer") (mut i32) (i32.const 4096))
  (global (export "__data_end") i32 (i32.const 1093))
  (data (i32.const 1024) "data")
  (func (export "init")
    (memory.fill (i32.const 1090) (i32.const 7) (i32.const 40))
    (memory.fill (i32.const 4000) (i32.const 7) (i32.const 100)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0)))
)
