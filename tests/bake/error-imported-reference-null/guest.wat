;; Init looks into a reference that is imported.
(module
  (import "h" "a" (global $a externref))
  (func (export "wizer-initialize") (drop (ref.is_null (global.get $a)))))
