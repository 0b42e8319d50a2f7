(module
  (type (;0;) (func))
  (import "env" "value" (global $value (;0;) (ref extern)))
  (table (;0;) 3 externref)
  (table $own (;1;) 1 externref)
  (elem (;0;) (table 0) (i32.const 1) externref (global.get $value))
  (elem (;1;) (table $own) (i32.const 0) externref (global.get $value))
  (func (;0;) (type 0)
    i32.const 0
    i32.const 1
    table.get 0
    table.set $own
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
