(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 2 2)
  (global (;0;) (mut i32) i32.const -1)
  (export "memory" (memory 0))
  (export "refused" (global 0))
  (export "grow" (func 1))
  (func (;0;) (type 0)
    i32.const 5
    memory.grow
    global.set 0
    i32.const 1
    memory.grow
    drop
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    memory.grow
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
