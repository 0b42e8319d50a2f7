;; A shared memory stays refused, however fresh it is.
;; import: env.memory=fresh
(module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "wizer-initialize")))
