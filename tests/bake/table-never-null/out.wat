(module
  (type (;0;) (func))
  (type $t (;1;) (func (result i32)))
  (table $changed (;0;) 2 (ref $t) ref.func $one)
  (table $empty (;1;) 1 (ref $t) ref.func $two)
  (table $untouched (;2;) 2 (ref $t) ref.func $two)
  (table $still-empty (;3;) 0 5 (ref $t) ref.func $two)
  (export "changed" (table $changed))
  (export "empty" (table $empty))
  (export "untouched" (table $untouched))
  (export "still-empty" (table $still-empty))
  (export "grow" (func 1))
  (elem (;0;) (table $changed) (i32.const 0) (ref $t) (ref.func $one) (ref.func $two))
  (elem (;1;) (table $empty) (i32.const 0) (ref $t) (ref.func $two))
  (func (;0;) (type 0)
    i32.const 1
    ref.func $two
    table.set $changed
    ref.func $two
    i32.const 1
    table.grow $empty
    drop
  )
  (func (;1;) (type 0)
    ref.func $two
    i32.const 1
    table.grow $still-empty
    drop
  )
  (func $one (;2;) (type $t) (result i32)
    i32.const 1
  )
  (func $two (;3;) (type $t) (result i32)
    i32.const 2
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
