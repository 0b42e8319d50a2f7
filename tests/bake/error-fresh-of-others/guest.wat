;; Each kind of import has an answer, or none.
;; import: env.f=fresh
;; import: env.memory=zero
;; import: env.table=fresh
(module
  (import "env" "f" (func))
  (import "env" "memory" (memory 1))
  (import "env" "table" (table 1 funcref))
  (func (export "wizer-initialize")))
