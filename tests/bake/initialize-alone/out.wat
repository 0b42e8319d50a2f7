(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $started (;0;) (mut i32) i32.const 1)
  (export "_initialize" (func 2))
  (export "get" (func 1))
  (func (;0;) (type 0)
    global.get $started
    i32.const 1
    i32.add
    global.set $started
  )
  (func (;1;) (type 1) (result i32)
    global.get $started
  )
  (func (;2;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
