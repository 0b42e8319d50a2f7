(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (import "env" "string" (global $string (;0;) externref))
  (table $t (;0;) 100000 anyref)
  (export "is_set" (func 1))
  (start 2)
  (func (;0;) (type 0)
    i32.const 10
    global.get $string
    any.convert_extern
    i32.const 90000
    table.fill $t
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    table.get $t
    ref.is_null
  )
  (func (;2;) (type 0)
    i32.const 10
    global.get $string
    any.convert_extern
    i32.const 90000
    table.fill $t
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
