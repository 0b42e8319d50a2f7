;; Vectors, the relaxed instructions too.
;; call: run()
(module
  (memory (export "memory") 1)
  (global (export "g") (mut v128) (v128.const i64x2 0 0))
  (func (export "run") (result v128)
    (i8x16.relaxed_swizzle (global.get 0) (v128.const i8x16 0 1 2 3 4 5 6 7 0x80 0 0 0 0 0 0 0)))
  (func (export "wizer-initialize")
    (v128.store (i32.const 16) (i32x4.splat (i32.const 7)))
    (global.set 0 (f32x4.relaxed_madd
      (v128.load (i32.const 16)) (v128.load (i32.const 16)) (v128.const f32x4 1 2 3 4)))))
