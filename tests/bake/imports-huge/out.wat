(module
  (type (;0;) (func))
  (import "env" "memory" (memory (;0;) 100 200))
  (import "env" "table" (table (;0;) 100 externref))
  (global (;0;) (mut i32) i32.const 1)
  (export "g" (global 0))
  (func (;0;) (type 0)
    i32.const 1
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
