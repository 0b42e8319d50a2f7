(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table $to (;0;) 4 funcref)
  (table $from (;1;) 2 funcref)
  (export "to" (table $to))
  (export "from" (table $from))
  (elem (;0;) (table $from) (i32.const 0) func $one $two)
  (elem (;1;) (i32.const 1) func $one $two)
  (func (;0;) (type 0)
    i32.const 1
    i32.const 0
    i32.const 2
    table.copy $to $from
  )
  (func $one (;1;) (type 1) (result i32)
    i32.const 1
  )
  (func $two (;2;) (type 1) (result i32)
    i32.const 2
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
