(component
  (core module $guest (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (global $n (;0;) (mut i32) i32.const 5)
    (export "get" (func 1))
    (func (;0;) (type 0)
      i32.const 5
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
  (alias core export $guest "get" (core func $get (;0;)))
  (type (;0;) (func))
  (type (;1;) (func (result u32)))
  (func $first (;0;) (type 1) (canon lift (core func $get)))
  (type (;2;) (func (result u32)))
  (func $second (;1;) (type 2) (canon lift (core func $get)))
  (export (;2;) "first" (func $first))
  (export (;3;) "second" (func $second))
)
