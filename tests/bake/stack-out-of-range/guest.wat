;; Bounds that no memory has: they are nobody's, and nothing is scrubbed.
;; init: init
;; call: get(4000)
(module
  (memory (export "memory") 1)
  (global (export "__stack_pointer") (mut i32) (i32.const 4096))
  (global (export "__data_end") i64 (i64.const -1))
  (global (export "__heap_base") i64 (i64.const -1))
  (global (export "__preinit_v1_layout") i64 (i64.const -1))
  (func (export "init")
    (i32.store (i32.const 4000) (i32.const 7)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0)))
)
