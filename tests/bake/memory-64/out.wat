(module
  (type (;0;) (func))
  (type (;1;) (func (param i64) (result i64)))
  (memory (;0;) i64 2)
  (export "memory" (memory 0))
  (export "load" (func 1))
  (func (;0;) (type 0)
    i64.const 1
    memory.grow
    drop
    i64.const 65536
    i64.const -2
    i64.store
  )
  (func (;1;) (type 1) (param i64) (result i64)
    local.get 0
    i64.load
  )
  (data (;0;) (i64.const 65536) "\fe\ff\ff\ff\ff\ff\ff\ff")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
