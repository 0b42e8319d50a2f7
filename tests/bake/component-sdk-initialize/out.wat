(component
  (core module $guest (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (param i32)))
    (memory (;0;) 1)
    (global $n (;0;) (mut i32) i32.const 12)
    (global (;1;) i32 i32.const 16)
    (global (;2;) i32 i32.const 20)
    (global (;3;) i32 i32.const 24)
    (global (;4;) i32 i32.const 32)
    (global (;5;) i32 i32.const 64)
    (export "_initialize" (func 1))
    (export "get" (func 5))
    (func $constructors (;0;) (type 0)
      i32.const 1
      call $add
    )
    (func (;1;) (type 0)
      call $constructors
    )
    (func (;2;) (type 1) (result i32)
      call $constructors
      i32.const 1
    )
    (func (;3;) (type 1) (result i32)
      i32.const 2
      call $add
      i32.const 0
    )
    (func $add (;4;) (type 2) (param i32)
      global.get $n
      i32.const 10
      i32.mul
      local.get 0
      i32.add
      global.set $n
    )
    (func (;5;) (type 1) (result i32)
      global.get $n
    )
    (data (;0;) (i32.const 24) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
    (data (;1;) (i32.const 200) "item    file")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $starter (;1;)
    (type (;0;) (func))
    (import "" "_initialize" (func $initialize (;0;) (type 0)))
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (core instance (;1;) (instantiate $starter
      (with "" (instance $guest))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $guest "get" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "get" (func 0))
)
