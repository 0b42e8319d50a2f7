(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table $to (;0;) 2 funcref)
  (table $from (;1;) 2 funcref ref.func $f)
  (export "to" (table $to))
  (elem (;0;) (i32.const 0) func $f $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1)
    i32.const 0
    i32.const 0
    i32.const 2
    table.copy $to $from
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
