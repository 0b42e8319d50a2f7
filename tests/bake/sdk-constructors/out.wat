(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (memory (;0;) 1)
  (global (;0;) i32 i32.const 1024)
  (global (;1;) i32 i32.const 1028)
  (global (;2;) i32 i32.const 1032)
  (global (;3;) i32 i32.const 1040)
  (global (;4;) (mut i32) i32.const 11)
  (export "memory" (memory 0))
  (export "get" (func 4))
  (func (;0;) (type 0) (result i32)
    call 1
    i32.const 1
  )
  (func (;1;) (type 1)
    nop
    nop
    nop
    nop
    nop
    nop
    nop
  )
  (func (;2;) (type 1)
    global.get 4
    i32.const 10
    i32.add
    global.set 4
  )
  (func (;3;) (type 1)
    call 1
    call 2
  )
  (func (;4;) (type 0) (result i32)
    global.get 4
  )
  (func (;5;) (type 0) (result i32)
    call 1
    call 4
  )
  (data (;0;) (i32.const 1032) "\02")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
