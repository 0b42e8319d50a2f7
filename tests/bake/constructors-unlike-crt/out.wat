(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "tick" (func 0))
  (export "_start" (func 5))
  (export "get" (func 7))
  (export "both" (func 8))
  (func (;0;) (type 0)
    call 1
  )
  (func (;1;) (type 0)
    i32.const 16
    i32.const 16
    i32.load
    i32.const 1
    i32.add
    i32.store
  )
  (func (;2;) (type 1) (result i32)
    i32.const 0
  )
  (func (;3;) (type 0))
  (func (;4;) (type 2) (param i32))
  (func (;5;) (type 0)
    call 0
    call 2
    call 3
    call 4
  )
  (func (;6;) (type 0)
    i32.const 20
    i32.const 7
    i32.store
  )
  (func (;7;) (type 1) (result i32)
    i32.const 16
    i32.load
  )
  (func (;8;) (type 1) (result i32)
    call 0
    call 7
  )
  (data (;0;) (i32.const 20) "\07")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
