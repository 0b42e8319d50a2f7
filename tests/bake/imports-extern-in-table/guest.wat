;; A segment puts what is imported into a table, and init moves it on.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (import "env" "value" (global $value (ref extern)))
  (table 3 externref)
  (elem (table 0) (i32.const 1) externref (item (global.get $value)))
  (table $own 1 externref)
  (func (export "wizer-initialize")
    (table.set $own (i32.const 0) (table.get 0 (i32.const 1)))))
