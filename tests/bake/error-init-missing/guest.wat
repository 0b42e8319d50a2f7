;; init: initialise
(module
  (func (export "initialize")))
