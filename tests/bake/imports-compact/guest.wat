;; Imports that share the name of their module, as some tools write them and few engines read them: the output has them as they are.
;; for-v8
(module
  (import "env" (item "a" (func)) (item "b" (func (param i32))))
  (memory (export "memory") 1)
  (func (export "run") (call 0))
  (func (export "wizer.initialize") (i32.store (i32.const 0) (i32.const 1))))
