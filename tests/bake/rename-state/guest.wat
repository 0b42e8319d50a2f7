;; What is no function is renamed just so.
;; rename: memory=mem
(module
  (memory (export "mem") 1)
  (func (export "wizer-initialize") (i32.store8 (i32.const 0) (i32.const 1))))
