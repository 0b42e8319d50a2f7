;; 128-bit arithmetic.
;; call: run()
(module
  (global (export "low") (mut i64) (i64.const 0))
  (global (export "high") (mut i64) (i64.const 0))
  (func (export "run") (result i64 i64)
    (i64.add128 (global.get 0) (global.get 1) (i64.const -1) (i64.const 0)))
  (func (export "wizer-initialize")
    (i64.mul_wide_u (i64.const -1) (i64.const 3))
    (global.set 1)
    (global.set 0)))
