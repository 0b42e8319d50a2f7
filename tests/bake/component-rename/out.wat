(component
  (core module $guest (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (global $state (;0;) (mut i32) i32.const 5)
    (export "init" (func 0))
    (export "first" (func 1))
    (export "second" (func 2))
    (export "third" (func 3))
    (export "spare" (func 4))
    (func (;0;) (type 0)
      global.get $state
      i32.const 5
      i32.add
      global.set $state
    )
    (func (;1;) (type 1) (result i32)
      global.get $state
      i32.const 10
      i32.add
    )
    (func (;2;) (type 1) (result i32)
      global.get $state
      i32.const 20
      i32.add
    )
    (func (;3;) (type 1) (result i32)
      global.get $state
      i32.const 30
      i32.add
    )
    (func (;4;) (type 1) (result i32)
      i32.const 40
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (type (;0;) (func))
  (alias core export $guest "init" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (type (;1;) (func (result u32)))
  (alias core export $guest "first" (core func (;1;)))
  (func (;1;) (type 1) (canon lift (core func 1)))
  (type (;2;) (func (result u32)))
  (alias core export $guest "second" (core func (;2;)))
  (func (;2;) (type 2) (canon lift (core func 2)))
  (type (;3;) (func (result u32)))
  (alias core export $guest "third" (core func (;3;)))
  (func (;3;) (type 3) (canon lift (core func 3)))
  (type (;4;) (func (result u32)))
  (alias core export $guest "spare" (core func (;4;)))
  (func (;4;) (type 4) (canon lift (core func 4)))
  (type (;5;) (func (result u32)))
  (export (;5;) "again" (func 0))
  (export (;6;) "second" (func 1))
  (export (;7;) "first" (func 2))
  (export (;8;) "spare" (func 3))
  (export (;9;) "itself" (func 4))
)
