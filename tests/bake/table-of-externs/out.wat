(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (table $externs (;0;) 4 externref)
  (global (;0;) (mut externref) ref.null extern)
  (export "externs" (table $externs))
  (export "extern" (global 0))
  (export "grow" (func 1))
  (func (;0;) (type 0)
    ref.null extern
    i32.const 3
    table.grow $externs
    drop
    ref.null extern
    global.set 0
  )
  (func (;1;) (type 1) (param i32) (result i32)
    ref.null extern
    local.get 0
    table.grow $externs
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
