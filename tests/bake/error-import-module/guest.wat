;; Functions of another module that do not answer.
;; import: env.a=answers.wat:missing
;; import: env.b=answers.wat:f
;; import: env.c=importing.wat:f
;; import: env.d=answers.wat:r
(module
  (type $f (func))
  (import "env" "a" (func))
  (import "env" "b" (func (param i32)))
  (import "env" "c" (func))
  (import "env" "d" (func (result (ref null $f))))
  (func (export "wizer-initialize")))
