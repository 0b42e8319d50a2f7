(module
  (type (;0;) (func))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "discard" (func 0))
  (func (;0;) (type 0)
    i32.const 0
    i32.const 0
    memory.discard
  )
  (func (;1;) (type 0)
    i32.const 0
    i32.const 1
    i32.store
  )
  (data (;0;) (i32.const 0) "\01")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
