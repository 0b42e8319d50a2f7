;; An instruction that neither engine at hand has, which nobody calls.
;; for-v8
(module
  (memory (export "memory") 1)
  (func (export "discard") (memory.discard (i32.const 0) (i32.const 0)))
  (func (export "wizer.initialize") (i32.store (i32.const 0) (i32.const 1))))
