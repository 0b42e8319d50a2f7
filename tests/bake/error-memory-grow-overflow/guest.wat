;; More bytes than can be counted.
(module
  (memory $a i64 1)
  (memory $b 1)
  (func (export "wizer-initialize") (drop (memory.grow $a (i64.const -1)))))
