(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table $to (;0;) 4 funcref)
  (table $from (;1;) 2 funcref)
  (export "to" (table $to))
  (export "from" (table $from))
  (elem (;0;) (table $from) (i32.const 0) func $one $two)
  (elem (;1;) (i32.const 1) func $one $two)
  (func $one (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type 0) (result i32)
    i32.const 2
  )
  (func (;2;) (type 1)
    i32.const 1
    i32.const 0
    i32.const 2
    table.copy $to $from
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
