(module
  (type $t (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (table $table (;0;) 3 (ref null $t))
  (export "table" (table $table))
  (export "run" (func 1))
  (elem (;0;) declare func $f)
  (elem (;1;) (table $table) (i32.const 2) (ref null $t) (ref.func $f))
  (func $f (;0;) (type $t) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    table.get $table
    call_ref $t
  )
  (func (;2;) (type 2)
    ref.null $t
    i32.const 1
    table.grow $table
    drop
    ref.func $f
    i32.const 1
    table.grow $table
    drop
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
