(component
  (type $r (;0;) (resource (rep i32)))
  (core func $new (;0;) (canon resource.new $r))
  (core func $drop (;1;) (canon resource.drop $r))
  (core module $guest (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func))
    (type (;3;) (func (result i32)))
    (import "" "new" (func $new (;0;) (type 0)))
    (import "" "drop" (func $drop (;1;) (type 1)))
    (global $made (;0;) (mut i32) i32.const 2)
    (export "next" (func 3))
    (func (;2;) (type 2)
      (local i32 i32)
      i32.const 7
      call $new
      local.set 0
      i32.const 8
      call $new
      local.set 1
      local.get 1
      call $drop
      local.get 0
      call $drop
      i32.const 2
      global.set $made
    )
    (func (;3;) (type 3) (result i32)
      global.get $made
      i32.const 100
      i32.mul
      i32.const 9
      call $new
      i32.add
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance (;0;)
    (export "new" (func $new))
    (export "drop" (func $drop))
  )
  (core instance $guest (;1;) (instantiate $guest
      (with "" (instance 0))
    )
  )
  (type (;1;) (func))
  (type (;2;) (func (result u32)))
  (alias core export $guest "next" (core func (;2;)))
  (func (;0;) (type 2) (canon lift (core func 2)))
  (export (;1;) "next" (func 0))
)
