;; One table is baked, the other keeps its segment; the numbers of the segments change.
;; call: init()
(module
  (table $baked (export "baked") 2 funcref)
  (table $kept (export "kept") 2 funcref)
  (elem (table $baked) (i32.const 0) func $one)
  (elem $kept-segment (table $kept) (i32.const 1) func $one)
  (elem $passive func $two)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func (export "init") (table.init $baked $passive (i32.const 0) (i32.const 0) (i32.const 1)))
  (func (export "wizer-initialize") (table.set $baked (i32.const 1) (ref.func $two))))
