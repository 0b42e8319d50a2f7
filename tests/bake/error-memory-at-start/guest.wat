;; max-memory: 65536
(module
  (memory 1)
  (memory 1)
  (func (export "wizer-initialize")))
