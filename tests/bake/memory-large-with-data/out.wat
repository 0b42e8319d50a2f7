(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (memory (;0;) 128)
  (export "get" (func 1))
  (func (;0;) (type 0)
    i32.const 8000000
    i32.const 7
    i32.store
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (data (;0;) (i32.const 3145729) "\01\02\03")
  (data (;1;) (i32.const 7340032) "\09")
  (data (;2;) (i32.const 8000000) "\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
