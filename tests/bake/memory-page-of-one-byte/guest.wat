;; Sizes are in the memory's own pages.
;; call: load(5) load(6)
;; walrus: walrus cannot keep pages of another size than 64 KiB
(module
  (memory (export "memory") 3 (pagesize 1))
  (data (i32.const 1) "x")
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "wizer-initialize")
    (drop (memory.grow (i32.const 3)))
    (i32.store8 (i32.const 5) (i32.const 9))))
