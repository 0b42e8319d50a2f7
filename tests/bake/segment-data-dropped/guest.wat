;; A passive data segment that init drops is gone.
;; call: copy(2) copy(0)
(module
  (memory (export "memory") 1)
  (data $d "passive")
  (func (export "copy") (param i32) (memory.init $d (i32.const 0) (i32.const 1) (local.get 0)))
  (func (export "drop") (data.drop $d))
  (func (export "wizer-initialize")
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 3))
    (data.drop $d)))
