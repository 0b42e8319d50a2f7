;; An import of an exact type.
(module
  (type $f (func))
  (import "a" "f" (func (exact (type $f))))
  (func (export "wizer-initialize")))
