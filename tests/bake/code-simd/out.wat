(module
  (type (;0;) (func (result v128)))
  (type (;1;) (func))
  (memory (;0;) 1)
  (global (;0;) (mut v128) v128.const i32x4 0x3f800000 0x40000000 0x40400000 0x40800000)
  (export "memory" (memory 0))
  (export "g" (global 0))
  (export "run" (func 0))
  (func (;0;) (type 0) (result v128)
    global.get 0
    v128.const i32x4 0x03020100 0x07060504 0x00000080 0x00000000
    i8x16.relaxed_swizzle
  )
  (func (;1;) (type 1)
    i32.const 16
    i32.const 7
    i32x4.splat
    v128.store
    i32.const 16
    v128.load
    i32.const 16
    v128.load
    v128.const i32x4 0x3f800000 0x40000000 0x40400000 0x40800000
    f32x4.relaxed_madd
    global.set 0
  )
  (data (;0;) (i32.const 16) "\07\00\00\00\07\00\00\00\07\00\00\00\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
