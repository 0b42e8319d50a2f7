;; The same import is known by its index, and calling it still stops the bake.
(module
  (import "env" "f" (func $f))
  (table funcref (elem $f))
  (func $init (export "wizer-initialize") (call_indirect (i32.const 0))))
