;; There is no zero of what a function returns.
;; import: env.make=zero
(module
  (type $f (func))
  (import "env" "make" (func $make (result i32 (ref $f))))
  (func (export "wizer-initialize") (call $make) (drop) (drop)))
