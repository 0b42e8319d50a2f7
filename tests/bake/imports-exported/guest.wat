;; An import that is exported again.
;; call: ask()
(module
  (func (export "ask") (import "env" "ask") (result i32))
  (func (export "wizer-initialize")))
