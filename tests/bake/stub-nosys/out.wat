(module
  (type (;0;) (func (param i64) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result i64)))
  (export "a" (func 4))
  (export "b" (func 5))
  (export "c" (func 6))
  (export "last" (func 7))
  (func $"env.a (stub)" (;0;) (type 0) (param i64) (result i32)
    i32.const 52
  )
  (func $"env.b (stub)" (;1;) (type 1) (result i32)
    unreachable
  )
  (func $"env.c (stub)" (;2;) (type 2) (result i64)
    unreachable
  )
  (func $"env.last (stub)" (;3;) (type 1) (result i32)
    i32.const 52
  )
  (func (;4;) (type 1) (result i32)
    i64.const 1
    call $"env.a (stub)"
  )
  (func (;5;) (type 1) (result i32)
    call $"env.b (stub)"
  )
  (func (;6;) (type 2) (result i64)
    call $"env.c (stub)"
  )
  (func (;7;) (type 1) (result i32)
    call $"env.last (stub)"
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
