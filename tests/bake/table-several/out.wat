(module
  (type $t (;0;) (func (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32) (result i32)))
  (table $holes (;0;) 8 funcref)
  (table $same (;1;) 5 6 (ref $t) ref.func $one)
  (table $large (;2;) i64 2 funcref)
  (table $private (;3;) 4 funcref)
  (export "holes" (table $holes))
  (export "same" (table $same))
  (export "large" (table $large))
  (export "swap" (func 2))
  (export "call" (func 3))
  (elem (;0;) (i32.const 0) func $one)
  (elem $passive (;1;) func $two $one)
  (elem (;2;) declare func $one $two)
  (elem (;3;) (i32.const 4) func $two $one)
  (elem (;4;) (table $large) (i64.const 0) func $two $one)
  (elem (;5;) (table $private) (i32.const 1) func $one $one $one)
  (elem (;6;) (table $same) (i32.const 0) (ref $t) (ref.func $one) (ref.func $one) (ref.func $one) (ref.func $two) (ref.func $two))
  (func $one (;0;) (type $t) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type $t) (result i32)
    i32.const 2
  )
  (func (;2;) (type 1)
    i32.const 0
    i32.const 2
    i32.const 2
    table.copy $private $holes
  )
  (func (;3;) (type 2) (param i32) (result i32)
    local.get 0
    call_indirect (type $t)
  )
  (func (;4;) (type 1)
    i32.const 1
    ref.null func
    table.set $holes
    i32.const 4
    i32.const 0
    i32.const 2
    table.init $passive
    ref.null func
    i32.const 2
    table.grow $holes
    drop
    ref.func $two
    i32.const 2
    table.grow $same
    drop
    i64.const 0
    i32.const 4
    i32.const 2
    table.copy $large $holes
    i32.const 1
    ref.func $one
    i32.const 3
    table.fill $private
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
