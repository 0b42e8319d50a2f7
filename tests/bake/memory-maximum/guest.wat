;; The maximum stays, and a growth that init was refused is not repeated.
;; call: grow(1)
(module
  (memory (export "memory") 1 2)
  (global (export "refused") (mut i32) (i32.const 0))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "wizer-initialize")
    (global.set 0 (memory.grow (i32.const 5)))
    (drop (memory.grow (i32.const 1)))))
