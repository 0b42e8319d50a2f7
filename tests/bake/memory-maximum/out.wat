(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (memory (;0;) 2 2)
  (global (;0;) (mut i32) i32.const -1)
  (export "memory" (memory 0))
  (export "refused" (global 0))
  (export "grow" (func 0))
  (func (;0;) (type 0) (param i32) (result i32)
    local.get 0
    memory.grow
  )
  (func (;1;) (type 1)
    i32.const 5
    memory.grow
    global.set 0
    i32.const 1
    memory.grow
    drop
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
