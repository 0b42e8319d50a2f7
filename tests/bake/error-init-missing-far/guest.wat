;; init: initialise
(module
  (func (export "run")))
