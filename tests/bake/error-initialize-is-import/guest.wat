;; `_initialize` can be an import that is exported again.
(module
  (func (export "_initialize") (import "env" "f"))
  (func (export "wizer-initialize")))
