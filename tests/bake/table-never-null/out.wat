(module
  (type $t (;0;) (func (result i32)))
  (type (;1;) (func))
  (table $changed (;0;) 2 (ref $t) ref.func $one)
  (table $empty (;1;) 1 (ref $t) ref.func $one)
  (table $untouched (;2;) 2 (ref $t) ref.func $two)
  (table $still-empty (;3;) 0 5 (ref $t) ref.func $two)
  (export "changed" (table $changed))
  (export "empty" (table $empty))
  (export "untouched" (table $untouched))
  (export "still-empty" (table $still-empty))
  (export "grow" (func 2))
  (elem (;0;) (table $changed) (i32.const 0) (ref $t) (ref.func $one) (ref.func $two))
  (elem (;1;) (table $empty) (i32.const 0) (ref $t) (ref.func $two))
  (func $one (;0;) (type $t) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type $t) (result i32)
    i32.const 2
  )
  (func (;2;) (type 1)
    ref.func $two
    i32.const 1
    table.grow $still-empty
    drop
  )
  (func (;3;) (type 1)
    i32.const 1
    ref.func $two
    table.set $changed
    ref.func $two
    i32.const 1
    table.grow $empty
    drop
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
