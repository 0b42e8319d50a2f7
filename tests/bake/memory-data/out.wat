(module
  (type (;0;) (func))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (func (;0;) (type 0)
    i32.const 256
    i32.const 555819297
    i32.store
    i32.const 512
    i32.const 0
    i32.const 6
    memory.fill
    i32.const 65535
    i32.const 171
    i32.store8
  )
  (data (;0;) (i32.const 0) "keep")
  (data (;1;) (i32.const 256) "!!!!written")
  (data (;2;) (i32.const 65535) "\ab")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
