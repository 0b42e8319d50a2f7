(component
  (core module $owner (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (type (;1;) (func (param i32 i64) (result i32)))
    (table (;0;) 1 funcref)
    (export "table" (table 0))
    (export "get" (func 0))
    (func (;0;) (type 0) (param i32) (result i32)
      local.get 0
      i64.const 40
      i32.const 0
      call_indirect (type 1)
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $guest (;1;)
    (type (;0;) (func (param i32 i64) (result i32)))
    (type (;1;) (func (result i32)))
    (type (;2;) (func))
    (import "owner" "table" (table (;0;) 1 funcref))
    (export "fixup-function-0" (func 1))
    (export "fixup-function-0'" (func $add))
    (elem (;0;) declare func $add)
    (func $add (;0;) (type 0) (param i32 i64) (result i32)
      local.get 0
      local.get 1
      i32.wrap_i64
      i32.add
    )
    (func (;1;) (type 1) (result i32)
      i32.const 1
    )
    (func (;2;) (type 2)
      i32.const 0
      ref.func $add
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
  (alias core export $guest "fixup-function-0" (core func (;1;)))
  (func (;1;) (type 2) (canon lift (core func 1)))
  (export (;2;) "get" (func 0))
  (export (;3;) "other" (func 1))
  (core module (;2;)
    (type (;0;) (func))
    (type (;1;) (func (param i32 i64) (result i32)))
    (import "" "0" (table (;0;) 0 funcref))
    (import "" "1" (func (;0;) (type 1)))
    (elem (;0;) (table 0) (i32.const 0) func 0)
  )
  (alias core export $owner "table" (core table (;0;)))
  (alias core export $guest "fixup-function-0'" (core func (;2;)))
  (core instance (;2;)
    (export "0" (table 0))
    (export "1" (func 2))
  )
  (core instance (;3;) (instantiate 2
      (with "" (instance 2))
    )
  )
)
