(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (memory (;0;) 3 5)
  (export "memory" (memory 0))
  (export "grow" (func 0))
  (func (;0;) (type 0) (param i32) (result i32)
    local.get 0
    memory.grow
  )
  (func (;1;) (type 1)
    i32.const 2
    memory.grow
    drop
    i32.const 196607
    i32.const 1
    i32.store8
  )
  (data (;0;) (i32.const 196607) "\01")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
