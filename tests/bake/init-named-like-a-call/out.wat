(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (result i32)))
  (global $g (;0;) (mut i32) i32.const 2)
  (export "init" (func 1))
  (export "get" (func 2))
  (func (;0;) (type 0)
    i32.const 2
    global.set $g
  )
  (func (;1;) (type 1) (param i32)
    local.get 0
    global.set $g
  )
  (func (;2;) (type 2) (result i32)
    global.get $g
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
