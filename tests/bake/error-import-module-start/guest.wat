;; A module that answers and cannot be instantiated.
;; import: env.a=answers.wat:f
(module
  (import "env" "a" (func $a))
  (func (export "wizer-initialize") (call $a)))
