(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i64)))
  (import "env" "memory" (memory (;0;) 1))
  (import "wasi_snapshot_preview1" "random_get" (func $random (;0;) (type 0)))
  (memory $own (;1;) 1)
  (export "get" (func 2))
  (func (;1;) (type 1)
    i32.const 8
    i32.const 8
    call $random
    drop
  )
  (func (;2;) (type 2) (result i64)
    i32.const 8
    i64.load
    i32.const 8
    i64.load $own
    i64.add
  )
  (data (;0;) (i32.const 8) "9j\18\a8j\0c\be:")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
