(component
  (core module $guest (;0;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;1;) (func (param i32 i32 i32)))
    (type (;2;) (func (result i32)))
    (memory (;0;) 1)
    (global $top (;0;) (mut i32) i32.const 1030)
    (global $len (;1;) (mut i32) i32.const 18)
    (export "memory" (memory 0))
    (export "realloc" (func 0))
    (export "load" (func 1))
    (export "get" (func 2))
    (func (;0;) (type 0) (param i32 i32 i32 i32) (result i32)
      global.get $top
      global.get $top
      local.get 3
      i32.add
      global.set $top
    )
    (func (;1;) (type 1) (param i32 i32 i32)
      local.get 1
      local.get 2
      i32.mul
      global.set $len
    )
    (func (;2;) (type 2) (result i32)
      global.get $len
    )
    (data (;0;) (i32.const 1024) "h\c3\a9llo")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (type (;0;) (func (param "text" string) (param "times" u32)))
  (alias core export $guest "load" (core func (;0;)))
  (alias core export $guest "memory" (core memory (;0;)))
  (alias core export $guest "realloc" (core func (;1;)))
  (func $load (;0;) (type 0) (canon lift (core func 0) (memory 0) (realloc 1)))
  (type (;1;) (func (result u32)))
  (alias core export $guest "get" (core func (;2;)))
  (func $get (;1;) (type 1) (canon lift (core func 2)))
  (instance (;0;)
    (export "load" (func $load))
    (export "get" (func $get))
  )
  (export (;1;) "test:shop/prices" (instance 0))
)
