(module
  (type (;0;) (func))
  (memory (;0;) 1)
  (memory $b (;1;) 2)
  (memory (;2;) 1)
  (export "a" (memory 0))
  (export "b" (memory $b))
  (export "untouched" (memory 2))
  (func (;0;) (type 0)
    i32.const 1
    memory.grow $b
    drop
    i32.const 4
    i32.const 1
    i32.store
    i32.const 8
    i32.const 2
    i32.store $b
  )
  (data (;0;) (i32.const 4) "\01")
  (data (;1;) (memory $b) (i32.const 8) "\02")
  (data (;2;) (memory 2) (i32.const 8) "kept")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
