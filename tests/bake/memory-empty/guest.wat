;; A memory without pages.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (memory (export "memory") 0)
  (func (export "wizer-initialize")))
