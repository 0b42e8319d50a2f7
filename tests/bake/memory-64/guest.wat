;; Segments of a 64-bit memory have 64-bit offsets.
;; call: load(65536)
(module
  (memory (export "memory") i64 1)
  (func (export "load") (param i64) (result i64) (i64.load (local.get 0)))
  (func (export "wizer-initialize")
    (drop (memory.grow (i64.const 1)))
    (i64.store (i64.const 65536) (i64.const -2))))
