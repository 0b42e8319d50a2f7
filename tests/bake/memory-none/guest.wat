;; Nothing to bake but the end of init.
(module
  (func (export "wizer-initialize")))
