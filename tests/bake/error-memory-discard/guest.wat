;; An instruction of another proposal that the engine does not have.
(module
  (memory 1)
  (func (export "wizer.initialize") (memory.discard (i32.const 0) (i32.const 0))))
