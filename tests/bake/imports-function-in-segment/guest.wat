;; A passive segment names an imported global, and init copies from it.
(module
  (import "env" "function" (global $function funcref))
  (table $t 1 funcref)
  (elem $e funcref (global.get $function))
  (func (export "wizer-initialize") (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))))
