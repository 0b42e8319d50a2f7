;; A host may hand in no more than the module asks for, and a segment makes no memory larger.
;; import: env.memory=fresh
(module
  (import "env" "memory" (memory 1 10))
  (func (export "wizer-initialize") (drop (memory.grow (i32.const 2)))))
