;; A table that would take long to load, and that only init used.
;; remove-dead-code
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (table 1100000 funcref)
  (func $a)
  (func $b)
  (elem declare func $a $b)
  (func (export "wizer-initialize") (local $i i32)
    (local.set $i (i32.const 1060000))
    (loop $more
      (table.set (local.get $i) (ref.func $a))
      (table.set (i32.add (local.get $i) (i32.const 1)) (ref.func $b))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 2))) (i32.const 1080000))))))
