;; Init looks into a reference that is imported.
(module
  (type $f (func)) (import "h" "f" (global $f (ref null $f)))
  (func (export "wizer-initialize") (drop (ref.as_non_null (global.get $f)))))
