;; Each memory has its own contents and size.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (memory (export "a") 1)
  (memory $b (export "b") 1)
  (memory (export "untouched") 1)
  (data (memory $b) (i32.const 8) "gone")
  (data (memory 2) (i32.const 8) "kept")
  (func (export "wizer-initialize")
    (drop (memory.grow $b (i32.const 1)))
    (i32.store (i32.const 4) (i32.const 1))
    (i32.store $b (i32.const 8) (i32.const 2))))
