(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (memory (;0;) 6 (pagesize 0x1))
  (export "memory" (memory 0))
  (export "load" (func 0))
  (func (;0;) (type 0) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (func (;1;) (type 1)
    i32.const 3
    memory.grow
    drop
    i32.const 5
    i32.const 9
    i32.store8
  )
  (data (;0;) (i32.const 1) "x\00\00\00\09")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
