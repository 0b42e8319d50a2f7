(component
  (core module $guest (;0;)
    (type (;0;) (func))
    (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;2;) (func (param i32 i32) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (result i32)))
    (memory (;0;) 1)
    (global $next (;0;) (mut i32) i32.const 64)
    (global $cleaned (;1;) (mut i32) i32.const 10)
    (export "memory" (memory 0))
    (export "realloc" (func 1))
    (export "greet" (func 2))
    (export "clean" (func 3))
    (export "cleaned" (func 4))
    (export "get" (func 5))
    (func (;0;) (type 0)
      i32.const 10
      global.set $cleaned
    )
    (func (;1;) (type 1) (param i32 i32 i32 i32) (result i32)
      global.get $next
      i32.const 7
      i32.add
      i32.const -8
      i32.and
      global.set $next
      global.get $next
      global.get $next
      local.get 3
      i32.add
      global.set $next
    )
    (func (;2;) (type 2) (param i32 i32) (result i32)
      i32.const 16
      local.get 0
      i32.store
      i32.const 20
      local.get 1
      i32.store
      i32.const 16
    )
    (func (;3;) (type 3) (param i32)
      global.get $cleaned
      i32.const 1
      i32.add
      global.set $cleaned
    )
    (func (;4;) (type 4) (result i32)
      global.get $cleaned
    )
    (func (;5;) (type 4) (result i32)
      i32.const 20
      i32.load
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (type (;0;) (func))
  (type (;1;) (func (param "name" string) (result string)))
  (alias core export $guest "greet" (core func (;0;)))
  (alias core export $guest "memory" (core memory (;0;)))
  (alias core export $guest "realloc" (core func (;1;)))
  (alias core export $guest "clean" (core func (;2;)))
  (func (;0;) (type 1) (canon lift (core func 0) (memory 0) string-encoding=utf16 (realloc 1) (post-return 2)))
  (type (;2;) (func (param "name" string) (result string)))
  (alias core export $guest "greet" (core func (;3;)))
  (alias core export $guest "memory" (core memory (;1;)))
  (alias core export $guest "realloc" (core func (;4;)))
  (func (;1;) (type 2) (canon lift (core func 3) (memory 1) string-encoding=utf8 (realloc 4)))
  (type (;3;) (func (result u32)))
  (alias core export $guest "cleaned" (core func (;5;)))
  (func (;2;) (type 3) (canon lift (core func 5)))
  (type (;4;) (func (result u32)))
  (alias core export $guest "get" (core func (;6;)))
  (func (;3;) (type 4) (canon lift (core func 6)))
  (export (;4;) "greet" (func 0))
  (export (;5;) "spell" (func 1))
  (export (;6;) "cleaned" (func 2))
  (export (;7;) "get" (func 3))
)
