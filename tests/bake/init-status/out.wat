(module
  (type (;0;) (func (result i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "value" (func 1))
  (func (;0;) (type 0) (result i32)
    i32.const 8
    i32.const 9
    i32.store
    i32.const 0
  )
  (func (;1;) (type 0) (result i32)
    i32.const 8
    i32.load
  )
  (data (;0;) (i32.const 8) "\09")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
