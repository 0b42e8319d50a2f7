;; Init looks into a reference that is imported.
(module
  (type $f (func)) (import "h" "f" (global $f funcref))
  (func (export "wizer-initialize") (drop (ref.test (ref $f) (global.get $f)))))
