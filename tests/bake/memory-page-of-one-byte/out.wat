(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 6 (pagesize 0x1))
  (export "memory" (memory 0))
  (export "load" (func 1))
  (func (;0;) (type 0)
    i32.const 3
    memory.grow
    drop
    i32.const 5
    i32.const 9
    i32.store8
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (data (;0;) (i32.const 1) "x\00\00\00\09")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
