;; Answers that are no number of the type that the function returns, or where it returns none.
;; import: env.name=const:null
;; import: env.log=const:1
(module
  (import "env" "name" (func (result externref)))
  (import "env" "log" (func (param i32)))
  (func (export "wizer-initialize")))
