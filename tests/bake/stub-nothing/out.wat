(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (import "env" "a" (func (;0;) (type 0)))
  (global $kept (;0;) (mut i32) i32.const 7)
  (export "get" (func 3))
  (func (;1;) (type 0)
    i32.const 7
    global.set $kept
  )
  (func $unused (;2;) (type 0))
  (func (;3;) (type 1) (result i32)
    global.get $kept
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
