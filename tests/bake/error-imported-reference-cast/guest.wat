;; Init looks into a reference that is imported.
(module
  (type $s (struct)) (import "h" "a" (global $a externref))
  (func (export "wizer-initialize") (drop (ref.cast (ref $s) (any.convert_extern (global.get $a))))))
