;; An immutable global reads an earlier one; the numbers of globals stay.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (global $a i64 (i64.const 5))
  (global (export "m") (mut i64) (global.get $a))
  (global (export "b") i64 (global.get $a))
  (func (export "wizer-initialize") (global.set 1 (i64.const 6))))
