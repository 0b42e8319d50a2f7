;; The host may give more than is asked for, so even the size is unknown.
(module
  (import "env" "memory" (memory 1))
  (func (export "wizer-initialize") (drop (memory.size))))
