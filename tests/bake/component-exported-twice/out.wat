(component
  (core module $guest (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (global $n (;0;) (mut i32) i32.const 6)
    (export "init" (func 0))
    (export "get" (func 1))
    (func (;0;) (type 0)
      global.get $n
      i32.const 5
      i32.add
      global.set $n
    )
    (func (;1;) (type 1) (result i32)
      global.get $n
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (type (;0;) (func))
  (alias core export $guest "init" (core func (;0;)))
  (func $init (;0;) (type 0) (canon lift (core func 0)))
  (type (;1;) (func (result u32)))
  (alias core export $guest "get" (core func (;1;)))
  (func $get (;1;) (type 1) (canon lift (core func 1)))
  (export (;2;) "again" (func $init))
  (export (;3;) "get" (func $get))
)
