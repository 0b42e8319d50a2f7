(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (import "env" "next" (func $next (;0;) (type 0)))
  (import "env" "peek" (func $peek (;1;) (type 0)))
  (global $kept (;0;) (mut i32) i32.const 12)
  (export "kept" (func 3))
  (func (;2;) (type 1)
    call $next
    drop
    call $next
    drop
    call $peek
    global.set $kept
  )
  (func (;3;) (type 0) (result i32)
    global.get $kept
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
