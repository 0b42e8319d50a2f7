;; `_initialize` runs before init. Afterwards hosts may call it, and nothing happens.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (global (export "log") (mut i32) (i32.const 0))
  (func $log (param i32)
    (global.set 0 (i32.add (i32.mul (global.get 0) (i32.const 10)) (local.get 0))))
  (func $start (call $log (i32.const 1)))
  (start $start)
  (func (export "_initialize") (call $log (i32.const 2)))
  (func (export "wizer-initialize") (call $log (i32.const 3))))
