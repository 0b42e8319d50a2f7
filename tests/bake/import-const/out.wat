(module
  (type (;0;) (func (result i64)))
  (type (;1;) (func (result f32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (param i32)))
  (type (;4;) (func))
  (import "env" "level" (func $level (;0;) (type 0)))
  (import "env" "ratio" (func $ratio (;1;) (type 1)))
  (import "env" "other" (func $other (;2;) (type 2)))
  (import "env" "unused" (func (;3;) (type 3)))
  (global $kept_level (;0;) (mut i64) i64.const -7)
  (global $kept_ratio (;1;) (mut f32) f32.const 0x1.4p+1 (;=2.5;))
  (global $kept_other (;2;) (mut i32) i32.const 0)
  (export "level" (func 5))
  (export "ratio" (func 6))
  (export "other" (func 7))
  (func (;4;) (type 4)
    call $level
    global.set $kept_level
    call $ratio
    global.set $kept_ratio
    call $other
    call $other
    i32.add
    global.set $kept_other
  )
  (func (;5;) (type 0) (result i64)
    global.get $kept_level
  )
  (func (;6;) (type 1) (result f32)
    global.get $kept_ratio
  )
  (func (;7;) (type 2) (result i32)
    global.get $kept_other
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
