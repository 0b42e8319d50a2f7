(module
  (type $node (;0;) (struct (field i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i64)))
  (type (;4;) (func (result i32 i64 f32 f64 funcref externref anyref (ref null $node))))
  (import "" "" (func $once (;0;) (type 1)))
  (import "env" "never" (func $never (;1;) (type 2)))
  (import "env" "nothing" (func $nothing (;2;) (type 3)))
  (import "env.all" "of.them" (func $all (;3;) (type 4)))
  (import "" "" (func $twice (;4;) (type 1)))
  (global $i32 (;0;) (mut i32) i32.const 0)
  (global $i64 (;1;) (mut i64) i64.const 0)
  (global $f32 (;2;) (mut f32) f32.const 0x0p+0 (;=0;))
  (global $f64 (;3;) (mut f64) f64.const 0x0p+0 (;=0;))
  (global $null (;4;) (mut i32) i32.const 4)
  (export "i32" (global $i32))
  (export "i64" (global $i64))
  (export "f32" (global $f32))
  (export "f64" (global $f64))
  (export "null" (global $null))
  (export "call" (func 5))
  (func (;5;) (type 1) (result i32)
    call $never
    call $once
  )
  (func (;6;) (type 2)
    (local $node (ref null $node)) (local $any anyref) (local $extern externref) (local $func funcref)
    i64.const 3
    call $nothing
    call $all
    local.set $node
    local.set $any
    local.set $extern
    local.set $func
    global.set $f64
    global.set $f32
    global.set $i64
    global.set $i32
    local.get $node
    ref.is_null
    local.get $any
    ref.is_null
    i32.add
    local.get $extern
    ref.is_null
    local.get $func
    ref.is_null
    i32.add
    i32.add
    global.set $null
    call $once
    call $twice
    i32.add
    global.set $i32
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
