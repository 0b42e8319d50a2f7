;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (table (export "table") 20 anyref)
  (table (export "numbers") 2 i31ref)
  (func (export "wizer-initialize")
    (table.fill 0 (i32.const 3) (ref.i31 (i32.const 1)) (i32.const 9))
    (table.set 1 (i32.const 1) (ref.i31 (i32.const -2)))))
