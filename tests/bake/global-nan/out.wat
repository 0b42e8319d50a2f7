(module
  (type (;0;) (func))
  (global (;0;) (mut f32) f32.const nan:0x1 (;=NaN;))
  (global (;1;) (mut f32) f32.const -nan:0x200001 (;=NaN;))
  (global (;2;) (mut f64) f64.const -nan:0x4000000000001 (;=NaN;))
  (global (;3;) (mut f64) f64.const nan:0x4 (;=NaN;))
  (global (;4;) f32 f32.const nan:0x5 (;=NaN;))
  (export "f32" (global 0))
  (export "f32-negative" (global 1))
  (export "f64" (global 2))
  (export "f64-initial" (global 3))
  (export "immutable" (global 4))
  (func (;0;) (type 0)
    f32.const nan:0x1 (;=NaN;)
    global.set 0
    f32.const -nan:0x200001 (;=NaN;)
    global.set 1
    f64.const -nan:0x4000000000001 (;=NaN;)
    global.set 2
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
