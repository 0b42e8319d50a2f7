;; The export keeps its type: that of a recursion group is another than the same alone.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
;; walrus: walrus cannot keep recursion groups
(module
  (rec (type $r (func)) (type $q (struct)))
  (type $p (func))
  (global (export "g") (mut i32) (i32.const 0))
  (func (export "_initialize") (type $p) (global.set 0 (i32.const 1)))
  (func (export "wizer-initialize") (type $p)))
