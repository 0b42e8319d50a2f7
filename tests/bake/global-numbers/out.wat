(module
  (type (;0;) (func))
  (global (;0;) (mut i32) i32.const -1)
  (global (;1;) (mut i64) i64.const -9223372036854775808)
  (global (;2;) (mut f32) f32.const -0x0p+0 (;=-0;))
  (global (;3;) (mut f64) f64.const -0x0p+0 (;=-0;))
  (global (;4;) (mut v128) v128.const i32x4 0x00000001 0x00000002 0x00000003 0x80000000)
  (global $constant (;5;) i32 i32.const 3)
  (global (;6;) i32 global.get $constant i32.const 4 i32.add)
  (global (;7;) (mut i32) i32.const 3)
  (export "i32" (global 0))
  (export "i64" (global 1))
  (export "f32" (global 2))
  (export "f64" (global 3))
  (export "v128" (global 4))
  (export "constant" (global $constant))
  (export "computed" (global 6))
  (export "untouched" (global 7))
  (func (;0;) (type 0)
    i32.const -1
    global.set 0
    i64.const -9223372036854775808
    global.set 1
    f32.const -0x0p+0 (;=-0;)
    global.set 2
    f64.const -0x0p+0 (;=-0;)
    global.set 3
    v128.const i32x4 0x00000001 0x00000002 0x00000003 0x80000000
    global.set 4
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
