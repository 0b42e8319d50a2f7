;; A list of structures, which have more fields together than a constant may be made of.
(module
  (type $node (struct (field (ref null $node)) (field i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (global $list (mut (ref null $node)) (ref.null $node))
  (func (export "run"))
  (func (export "wizer-initialize") (local $n i32)
    (loop
      (global.set $list
        (struct.new $node (global.get $list)
          (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n) (local.get $n)))
      (br_if 0 (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 140000))))))
