;; Nothing to bake but the end of init.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (func (export "wizer-initialize")))
