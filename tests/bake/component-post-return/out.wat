(component
  (core module $guest (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32)))
    (memory (;0;) 1)
    (global $cleaned (;0;) (mut i32) i32.const 1)
    (export "memory" (memory 0))
    (export "get" (func 2))
    (func (;0;) (type 0) (result i32)
      i32.const 0
      i32.const 16
      i32.store
      i32.const 4
      i32.const 2
      i32.store
      i32.const 16
      i32.const 26984
      i32.store16
      i32.const 0
    )
    (func (;1;) (type 1) (param i32)
      global.get $cleaned
      i32.const 1
      i32.add
      global.set $cleaned
    )
    (func (;2;) (type 0) (result i32)
      global.get $cleaned
    )
    (data (;0;) (i32.const 0) "\10\00\00\00\02\00\00\00\00\00\00\00\00\00\00\00hi")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (type (;0;) (func (result string)))
  (alias core export $guest "memory" (core memory (;0;)))
  (type (;1;) (func (result u32)))
  (alias core export $guest "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "get" (func 0))
)
