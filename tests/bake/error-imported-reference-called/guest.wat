;; Init calls a function that an imported global refers to.
(module
  (type $f (func (result i32)))
  (import "h" "f" (global $f (ref null $f)))
  (func (export "wizer-initialize") (drop (call_ref $f (global.get $f)))))
