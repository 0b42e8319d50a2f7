(module
  (type (;0;) (func (param i64) (result i64)))
  (type (;1;) (func))
  (memory (;0;) i64 2)
  (export "memory" (memory 0))
  (export "load" (func 0))
  (func (;0;) (type 0) (param i64) (result i64)
    local.get 0
    i64.load
  )
  (func (;1;) (type 1)
    i64.const 1
    memory.grow
    drop
    i64.const 65536
    i64.const -2
    i64.store
  )
  (data (;0;) (i64.const 65536) "\fe\ff\ff\ff\ff\ff\ff\ff")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
