(module
  (type (;0;) (func (param i32) (result i64 i32)))
  (type (;1;) (func (result i32)))
  (global $g (;0;) (mut i32) i32.const 7)
  (export "init" (func 3))
  (export "status" (func 4))
  (export "get" (func 2))
  (func (;0;) (type 0) (param i32) (result i64 i32)
    global.get $g
    local.get 0
    i32.add
    global.set $g
    i64.const -3
    i32.const 5
  )
  (func (;1;) (type 1) (result i32)
    i32.const 0
  )
  (func (;2;) (type 1) (result i32)
    global.get $g
  )
  (func (;3;) (type 0) (param i32) (result i64 i32)
    i64.const -3
    i32.const 5
  )
  (func (;4;) (type 1) (result i32)
    i32.const 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
