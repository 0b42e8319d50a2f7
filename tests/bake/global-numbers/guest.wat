;; One mutable global of each number type, and immutable ones beside them.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (global (export "i32") (mut i32) (i32.const 0))
  (global (export "i64") (mut i64) (i64.const 0))
  (global (export "f32") (mut f32) (f32.const 0))
  (global (export "f64") (mut f64) (f64.const 0))
  (global (export "v128") (mut v128) (v128.const i64x2 0 0))
  (global $constant (export "constant") i32 (i32.const 3))
  (global (export "computed") i32 (i32.add (global.get $constant) (i32.const 4)))
  (global (export "untouched") (mut i32) (global.get $constant))
  (func (export "wizer-initialize")
    (global.set 0 (i32.const -1))
    (global.set 1 (i64.const 0x8000_0000_0000_0000))
    (global.set 2 (f32.const -0))
    (global.set 3 (f64.const -0))
    (global.set 4 (v128.const i32x4 1 2 3 0x80000000))))
