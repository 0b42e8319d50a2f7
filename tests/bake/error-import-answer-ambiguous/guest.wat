;; Two imports are written alike.
;; import: a.b.c=zero
(module
  (import "a" "b.c" (func $one))
  (import "a.b" "c" (func $other))
  (func (export "wizer-initialize") (call $one)))
