;; A function of another module that traps.
;; import: env.a=answers.wat:f
(module
  (import "env" "a" (func $a))
  (func $init (export "wizer-initialize") (call $a)))
