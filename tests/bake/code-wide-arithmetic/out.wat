(module
  (type (;0;) (func (result i64 i64)))
  (type (;1;) (func))
  (global (;0;) (mut i64) i64.const -3)
  (global (;1;) (mut i64) i64.const 2)
  (export "low" (global 0))
  (export "high" (global 1))
  (export "run" (func 0))
  (func (;0;) (type 0) (result i64 i64)
    global.get 0
    global.get 1
    i64.const -1
    i64.const 0
    i64.add128
  )
  (func (;1;) (type 1)
    i64.const -1
    i64.const 3
    i64.mul_wide_u
    global.set 1
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
