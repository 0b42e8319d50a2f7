(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (import "env" "next" (func $next (;0;) (type 0)))
  (import "env" "twice" (func $twice (;1;) (type 1)))
  (global $kept (;0;) (mut i32) i32.const 42)
  (export "kept" (func 3))
  (func (;2;) (type 2)
    call $next
    drop
    call $next
    i32.const 19
    i32.add
    call $twice
    global.set $kept
  )
  (func (;3;) (type 0) (result i32)
    global.get $kept
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
