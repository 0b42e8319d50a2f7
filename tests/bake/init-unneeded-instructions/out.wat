(module
  (type (;0;) (func))
  (table $externs (;0;) 1 externref)
  (global (;0;) (mut anyref) ref.null any)
  (export "any" (global 0))
  (export "grow" (func 0))
  (func (;0;) (type 0)
    i32.const 1
    ref.i31
    global.set 0
    global.get 0
    extern.convert_any
    i32.const 1
    table.grow $externs
    drop
  )
  (func (;1;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
