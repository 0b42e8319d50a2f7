(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (export "put" (func 1))
  (elem (;0;) declare func $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1)
    i32.const 0
    ref.func $f
    table.set 0
  )
  (func (;2;) (type 1)
    i32.const 0
    ref.null func
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
