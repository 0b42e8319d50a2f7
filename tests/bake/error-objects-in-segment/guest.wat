;; A passive segment makes its objects once, and nothing tells what became of them.
(module
  (type $s (struct (field (mut i32))))
  (table $t 1 (ref null $s))
  (elem $e (ref $s) (struct.new $s (i32.const 1)))
  (func (export "copy") (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)))
  (func (export "wizer-initialize")
    (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))
    (struct.set $s 0 (table.get $t (i32.const 0)) (i32.const 2))))
