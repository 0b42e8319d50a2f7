(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (import "a" "H" (func $renamed (;0;) (type 0)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "get" (func 2))
  (export "ask" (func 3))
  (func (;1;) (type 1)
    i32.const 64
    i32.const 0
    i32.const 4
    call $renamed
    i32.const 41
    i32.add
    i32.store
  )
  (func (;2;) (type 2) (result i32)
    i32.const 64
    i32.load
  )
  (func (;3;) (type 2) (result i32)
    i32.const 0
    i32.const 4
    call $renamed
  )
  (data (;0;) (i32.const 64) ")")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
