;; A table of which nothing is left.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (table (export "table") 2 funcref)
  (elem (i32.const 0) $f $f)
  (func $f (result i32) (i32.const 1))
  (func (export "wizer-initialize")
    (table.fill (i32.const 0) (ref.null func) (i32.const 2))))
