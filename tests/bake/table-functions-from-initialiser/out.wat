(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table $to (;0;) 2 funcref)
  (table $from (;1;) 2 funcref ref.func $f)
  (export "to" (table $to))
  (elem (;0;) (i32.const 0) func $f $f)
  (func (;0;) (type 0)
    i32.const 0
    i32.const 0
    i32.const 2
    table.copy $to $from
  )
  (func $f (;1;) (type 1) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
