;; max-memory: 1048576
(module
  (import "env" "memory" (memory 100))
  (func (export "wizer-initialize")))
