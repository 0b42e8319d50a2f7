(component
  (core module $owner (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (table (;0;) 1 funcref)
    (table (;1;) 2 funcref)
    (global $g1 (;0;) (mut i32) i32.const 5)
    (global $g2 (;1;) (mut i32) i32.const 6)
    (export "t1" (table 0))
    (export "t2" (table 1))
    (export "g1" (global $g1))
    (export "g2" (global $g2))
    (export "f1" (func 1))
    (export "f2" (func 2))
    (func (;0;) (type 0)
      i32.const 5
      global.set $g1
      i32.const 6
      global.set $g2
    )
    (func (;1;) (type 1) (result i32)
      i32.const 3
    )
    (func (;2;) (type 1) (result i32)
      i32.const 4
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $guest (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (import "" "t1" (table $t1 (;0;) 1 funcref))
    (import "" "t2" (table $t2 (;1;) 1 funcref))
    (import "" "g1" (global $g1 (;0;) (mut i32)))
    (import "" "g2" (global $g2 (;1;) (mut i32)))
    (import "" "f1" (func $f1 (;0;) (type 0)))
    (import "" "f2" (func $f2 (;1;) (type 0)))
    (export "get" (func 3))
    (func $add (;2;) (type 1) (param i32 i32) (result i32)
      local.get 0
      i32.const 10
      i32.mul
      local.get 1
      i32.add
    )
    (func (;3;) (type 0) (result i32)
      table.size $t1
      table.size $t2
      call $add
      global.get $g1
      call $add
      global.get $g2
      call $add
      call $f1
      call $add
      call $f2
      call $add
    )
  )
  (core instance $owner (;0;) (instantiate $owner))
  (type (;0;) (func))
  (alias core export $owner "t1" (core table (;0;)))
  (alias core export $owner "t2" (core table (;1;)))
  (alias core export $owner "g1" (core global (;0;)))
  (alias core export $owner "g2" (core global (;1;)))
  (alias core export $owner "f1" (core func (;0;)))
  (alias core export $owner "f2" (core func (;1;)))
  (core instance (;1;)
    (export "t1" (table 0))
    (export "t2" (table 1))
    (export "g1" (global 0))
    (export "g2" (global 1))
    (export "f1" (func 0))
    (export "f2" (func 1))
  )
  (core instance $guest (;2;) (instantiate $guest
      (with "" (instance 1))
    )
  )
  (type (;1;) (func (result u32)))
  (alias core export $guest "get" (core func (;2;)))
  (func (;0;) (type 1) (canon lift (core func 2)))
  (export (;1;) "get" (func 0))
)
