(component
  (core module $owner (;0;)
    (type (;0;) (func (result i32)))
    (table (;0;) 1 funcref)
    (memory (;0;) 1)
    (global (;0;) (mut i32) i32.const 100)
    (export "memory" (memory 0))
    (export "global" (global 0))
    (export "table" (table 0))
    (export "get" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 8
      i32.load
      global.get 0
      i32.add
    )
    (data (;0;) (i32.const 8) "*")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $user (;1;)
    (type (;0;) (func))
    (import "owner" "memory" (memory (;0;) 1))
    (import "owner" "global" (global (;0;) (mut i32)))
    (import "owner" "table" (table (;0;) 1 funcref))
    (export "init" (func 0))
    (func (;0;) (type 0)
      i32.const 8
      i32.const 42
      i32.store
      i32.const 100
      global.set 0
    )
  )
  (core instance $owner (;0;) (instantiate $owner))
  (core instance $user (;1;) (instantiate $user
      (with "owner" (instance $owner))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func (result u32)))
  (alias core export $owner "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "get" (func 0))
)
