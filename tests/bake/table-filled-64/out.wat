(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i64) (result i32)))
  (table $never (;0;) 2 (ref $f) ref.func $one)
  (table $t (;1;) i64 3000 (ref null $f))
  (export "call" (func 2))
  (start 3)
  (elem (;0;) declare func $one)
  (elem (;1;) (table $never) (i32.const 0) (ref $f) (ref.func $one) (ref.func $one))
  (func $one (;0;) (type $f) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1)
    i32.const 0
    ref.func $one
    table.set $never
    i64.const 100
    ref.func $one
    i64.const 2000
    table.fill $t
  )
  (func (;2;) (type 2) (param i64) (result i32)
    local.get 0
    table.get $t
    call_ref $f
  )
  (func (;3;) (type 1)
    i64.const 100
    ref.func $one
    i64.const 2000
    table.fill $t
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
