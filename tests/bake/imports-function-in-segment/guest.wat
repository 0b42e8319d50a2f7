;; A passive segment names an imported global, and init copies from it.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (import "env" "function" (global $function funcref))
  (table $t 1 funcref)
  (elem $e funcref (global.get $function))
  (func (export "wizer-initialize") (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))))
