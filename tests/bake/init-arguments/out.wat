(module
  (type (;0;) (func (param i32 i64 f64 funcref) (result i32 i32)))
  (type (;1;) (func (result i64)))
  (type (;2;) (func (result i32)))
  (global $g (;0;) (mut i32) i32.const -1)
  (global $seen (;1;) (mut i32) i32.const 1)
  (export "get" (func 2))
  (export "seen" (func 3))
  (func (;0;) (type 0) (param i32 i64 f64 funcref) (result i32 i32)
    local.get 0
    local.get 1
    i32.wrap_i64
    i32.add
    global.set $g
    local.get 2
    f64.const 0x1.4p+1 (;=2.5;)
    f64.ne
    if ;; label = @1
      unreachable
    end
    local.get 3
    ref.is_null
    i32.eqz
    if ;; label = @1
      unreachable
    end
    i32.const 1
    i32.const 2
  )
  (func (;1;) (type 1) (result i64)
    i32.const 1
    global.set $seen
    i64.const 5
  )
  (func (;2;) (type 2) (result i32)
    global.get $g
  )
  (func (;3;) (type 2) (result i32)
    global.get $seen
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
