(component
  (core module $owner (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (type (;2;) (func (param i32) (result i32)))
    (table (;0;) 2 funcref)
    (export "table" (table 0))
    (export "one" (func 2))
    (export "get" (func 3))
    (elem (;0;) declare func $two)
    (elem (;1;) (i32.const 0) func $two 2)
    (func $two (;0;) (type 0) (result i32)
      i32.const 2
    )
    (func (;1;) (type 1)
      i32.const 0
      ref.func $two
      table.set 0
    )
    (func (;2;) (type 0) (result i32)
      i32.const 1
    )
    (func (;3;) (type 2) (param i32) (result i32)
      local.get 0
      call_indirect (type 0)
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $fixup (;1;)
    (type (;0;) (func (result i32)))
    (import "owner" "table" (table (;0;) 2 funcref))
    (import "owner" "one" (func $one (;0;) (type 0)))
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $owner (;0;) (instantiate $owner))
  (core instance (;1;) (instantiate $fixup
      (with "owner" (instance $owner))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func (param "n" u32) (result u32)))
  (alias core export $owner "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "get" (func 0))
)
