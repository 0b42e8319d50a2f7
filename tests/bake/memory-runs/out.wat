(module
  (type (;0;) (func))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (func (;0;) (type 0)
    i32.const 100
    i32.const 1
    i32.store8
    i32.const 164
    i32.const 2
    i32.store8
    i32.const 229
    i32.const 3
    i32.store8
  )
  (data (;0;) (i32.const 100) "\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\02")
  (data (;1;) (i32.const 229) "\03")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
