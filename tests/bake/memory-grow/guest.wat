;; The output starts with the grown size, and a later growth goes on from there.
;; call: grow(2) grow(1)
(module
  (memory (export "memory") 1 5)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "wizer-initialize")
    (drop (memory.grow (i32.const 2)))
    (i32.store8 (i32.const 0x2ffff) (i32.const 1))))
