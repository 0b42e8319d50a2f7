;; Names of no import.
;; stub: env.b
;; stub: other.*
(module
  (import "env" "a" (func))
  (import "env" "b" (global i32))
  (func (export "wizer-initialize")))
