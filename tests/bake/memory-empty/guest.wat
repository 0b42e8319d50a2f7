;; A memory without pages.
(module
  (memory (export "memory") 0)
  (func (export "wizer-initialize")))
