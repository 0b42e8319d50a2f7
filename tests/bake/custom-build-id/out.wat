(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "get" (func 2))
  (func $table_maker (;0;) (type 0) (param i32) (result i32)
    local.get 0
    i32.const 3
    i32.mul
  )
  (func (;1;) (type 1)
    i32.const 0
    i32.const 14
    call $table_maker
    i32.store
  )
  (func (;2;) (type 2) (result i32)
    i32.const 0
    i32.load
  )
  (data (;0;) (i32.const 0) "*")
  (@custom "build_id" (after data) "\10\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
