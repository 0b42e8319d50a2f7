(component
  (core module $owner (;0;)
    (type $number (;0;) (func (result i32)))
    (type (;1;) (func (param i32) (result i32)))
    (table (;0;) 4 funcref)
    (export "table" (table 0))
    (export "one" (func $one))
    (export "get" (func 1))
    (export "size" (func 2))
    (elem (;0;) (i32.const 0) func $one)
    (elem (;1;) (i32.const 3) func $one)
    (func $one (;0;) (type $number) (result i32)
      i32.const 1
    )
    (func (;1;) (type 1) (param i32) (result i32)
      local.get 0
      call_indirect (type $number)
    )
    (func (;2;) (type $number) (result i32)
      table.size 0
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $guest (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (import "owner" "table" (table (;0;) 1 funcref))
    (import "owner" "one" (func $one (;0;) (type 0)))
    (export "fixup-function-1" (func $two))
    (export "fixup-function-2" (func $three))
    (elem (;0;) declare func $one $two $three)
    (func $two (;1;) (type 0) (result i32)
      i32.const 2
    )
    (func $three (;2;) (type 0) (result i32)
      i32.const 3
    )
    (func (;3;) (type 1)
      ref.func $two
      i32.const 2
      table.grow 0
      drop
      i32.const 1
      ref.func $three
      table.set 0
      i32.const 3
      ref.func $one
      table.set 0
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $owner (;0;) (instantiate $owner))
  (core instance $guest (;1;) (instantiate $guest
      (with "owner" (instance $owner))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func (param "n" u32) (result u32)))
  (alias core export $owner "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (type (;2;) (func (result u32)))
  (alias core export $owner "size" (core func (;1;)))
  (func (;1;) (type 2) (canon lift (core func 1)))
  (export (;2;) "get" (func 0))
  (export (;3;) "size" (func 1))
  (core module (;2;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (result i32)))
    (import "" "0" (table (;0;) 0 funcref))
    (import "" "1" (func (;0;) (type 1)))
    (import "" "2" (func (;1;) (type 2)))
    (elem (;0;) (table 0) (i32.const 1) func 1 0)
  )
  (alias core export $owner "table" (core table (;0;)))
  (alias core export $guest "fixup-function-1" (core func (;2;)))
  (alias core export $guest "fixup-function-2" (core func (;3;)))
  (core instance (;2;)
    (export "0" (table 0))
    (export "1" (func 2))
    (export "2" (func 3))
  )
  (core instance (;3;) (instantiate 2
      (with "" (instance 2))
    )
  )
)
