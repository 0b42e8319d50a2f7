;; Initial data that init overwrites, zeroes, or leaves alone, and data that is new.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "keep")
  (data (i32.const 0x100) "overwritten")
  (data (i32.const 0x200) "zeroed")
  (func (export "wizer-initialize")
    (i32.store (i32.const 0x100) (i32.const 0x21212121))
    (memory.fill (i32.const 0x200) (i32.const 0) (i32.const 6))
    (i32.store8 (i32.const 0xffff) (i32.const 0xab))))
