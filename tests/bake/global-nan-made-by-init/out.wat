(module
  (type (;0;) (func))
  (global (;0;) (mut f32) f32.const nan (;=NaN;))
  (global (;1;) (mut f64) f64.const nan (;=NaN;))
  (global $zero (;2;) (mut f64) f64.const 0x0p+0 (;=0;))
  (export "f32" (global 0))
  (export "f64" (global 1))
  (func (;0;) (type 0)
    f32.const -0x1p+0 (;=-1;)
    f32.sqrt
    global.set 0
    global.get $zero
    global.get $zero
    f64.div
    global.set 1
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
