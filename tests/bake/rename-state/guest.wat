;; What is no function is renamed just so.
;; rename: memory=mem
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (memory (export "mem") 1)
  (func (export "wizer-initialize") (i32.store8 (i32.const 0) (i32.const 1))))
