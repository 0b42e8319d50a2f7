(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global (;0;) (mut i32) i32.const 11)
  (export "get" (func 5))
  (func (;0;) (type 0)
    global.get 0
    i32.const 1
    i32.add
    global.set 0
  )
  (func (;1;) (type 0))
  (func (;2;) (type 0)
    global.get 0
    i32.const 10
    i32.add
    global.set 0
  )
  (func (;3;) (type 0)
    call 0
    call 2
    call 1
  )
  (func (;4;) (type 1) (result i32)
    global.get 0
  )
  (func (;5;) (type 1) (result i32)
    call 0
    call 4
    call 1
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
