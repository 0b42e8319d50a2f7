;; A function that is probed and that drops a segment.
;; call: copy()
(module
  (table (export "table") 1 funcref)
  (memory (export "memory") 1)
  (data $d "abc")
  (func $f (data.drop $d))
  (elem declare func $f)
  (func (export "copy") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)))
  (func (export "wizer-initialize") (table.set (i32.const 0) (ref.func $f))))
