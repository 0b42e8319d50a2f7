(component
  (core module $owner (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (table (;0;) 3 funcref)
    (memory (;0;) 1)
    (export "memory" (memory 0))
    (export "table" (table 0))
    (export "clear" (func 0))
    (export "sum" (func 1))
    (func (;0;) (type 0)
      i32.const 0
      ref.null func
      table.set 0
    )
    (func (;1;) (type 1) (result i32)
      i32.const 8
      i32.load8_u
      i32.const 0
      table.get 0
      ref.is_null
      i32.add
      i32.const 1
      call_indirect (type 1)
      i32.add
    )
    (data (;0;) (i32.const 8) "x")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $guest (;1;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (import "owner" "memory" (memory (;0;) 1))
    (import "owner" "table" (table (;0;) 1 funcref))
    (import "owner" "clear" (func $clear (;0;) (type 0)))
    (export "fixup-function-1" (func $seven))
    (func $seven (;1;) (type 1) (result i32)
      i32.const 7
    )
    (func $init (;2;) (type 0)
      call $clear
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
  (type (;1;) (func (result u32)))
  (alias core export $owner "sum" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "sum" (func 0))
  (core module (;2;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (import "" "0" (table (;0;) 0 funcref))
    (import "" "1" (func (;0;) (type 1)))
    (elem (;0;) (table 0) (i32.const 1) func 0)
  )
  (alias core export $owner "table" (core table (;0;)))
  (alias core export $guest "fixup-function-1" (core func (;1;)))
  (core instance (;2;)
    (export "0" (table 0))
    (export "1" (func 1))
  )
  (core instance (;3;) (instantiate 2
      (with "" (instance 2))
    )
  )
)
