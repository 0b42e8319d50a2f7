;; The option is written so that a shell takes it as it is, whatever is in the names.
(module
  (import "it's" "a $name" (func $f (result i32)))
  (func (export "wizer-initialize") (if (i32.const 1) (then (drop (call $f))))))
