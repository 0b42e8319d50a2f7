(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (import "env"
    (item "a" (func (;0;) (type 0)))
    (item "b" (func (;1;) (type 1)))
  )
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "run" (func 2))
  (func (;2;) (type 0)
    call 0
  )
  (func (;3;) (type 0)
    i32.const 0
    i32.const 1
    i32.store
  )
  (data (;0;) (i32.const 0) "\01")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
