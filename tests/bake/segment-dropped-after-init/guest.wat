;; A flag per segment: one is dropped, one is not, one is dropped by a branch that is not taken.
;; call: a(1) b(1) c(1)
(module
  (memory (export "memory") 1)
  (data $a "a")
  (data $b "b")
  (data $c "c")
  (func (export "a") (param i32) (memory.init $a (i32.const 0) (i32.const 0) (local.get 0)))
  (func (export "b") (param i32) (memory.init $b (i32.const 1) (i32.const 0) (local.get 0)))
  (func (export "c") (param i32) (memory.init $c (i32.const 2) (i32.const 0) (local.get 0)))
  (func (export "wizer-initialize")
    (if (i32.load (i32.const 0)) (then (data.drop $c)))
    (data.drop $b)))
