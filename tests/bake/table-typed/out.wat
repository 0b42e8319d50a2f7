(module
  (type (;0;) (func))
  (type $t (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (table $table (;0;) 3 (ref null $t))
  (export "table" (table $table))
  (export "run" (func 1))
  (elem (;0;) declare func $f)
  (elem (;1;) (table $table) (i32.const 2) (ref null $t) (ref.func $f))
  (func (;0;) (type 0)
    ref.null $t
    i32.const 1
    table.grow $table
    drop
    ref.func $f
    i32.const 1
    table.grow $table
    drop
  )
  (func (;1;) (type 2) (param i32) (result i32)
    local.get 0
    table.get $table
    call_ref $t
  )
  (func $f (;2;) (type $t) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
