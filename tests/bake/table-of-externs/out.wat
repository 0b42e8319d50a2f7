(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (table $externs (;0;) 4 externref)
  (global (;0;) (mut externref) ref.null extern)
  (export "externs" (table $externs))
  (export "extern" (global 0))
  (export "grow" (func 0))
  (func (;0;) (type 0) (param i32) (result i32)
    ref.null extern
    local.get 0
    table.grow $externs
  )
  (func (;1;) (type 1)
    ref.null extern
    i32.const 3
    table.grow $externs
    drop
    ref.null extern
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
