(component
  (core module $owner (;0;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (result i32)))
    (table $first (;0;) 5 funcref)
    (table $second (;1;) 5 funcref)
    (export "first" (table $first))
    (export "second" (table $second))
    (export "get" (func 0))
    (func (;0;) (type 0) (param i32 i32) (result i32)
      local.get 0
      if (result i32) ;; label = @1
        local.get 1
        call_indirect $second (type 1)
      else
        local.get 1
        call_indirect (type 1)
      end
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $guest (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (import "a" "first" (table $a (;0;) 1 funcref))
    (import "a" "second" (table $a-second (;1;) 1 funcref))
    (import "b" "first" (table $b (;2;) 1 funcref))
    (global $done (;0;) (mut i32) i32.const 1)
    (export "one" (func $one))
    (export "two" (func $two))
    (elem (;0;) declare func $one $two)
    (func $one (;0;) (type 0) (result i32)
      i32.const 1
    )
    (func $two (;1;) (type 0) (result i32)
      i32.const 2
    )
    (func (;2;) (type 1)
      i32.const 1
      global.set $done
      i32.const 0
      ref.func $one
      table.set $a
      i32.const 2
      ref.func $two
      table.set $a
      i32.const 3
      ref.func $one
      table.set $a-second
      i32.const 4
      ref.func $two
      table.set $b
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $a (;0;) (instantiate $owner))
  (core instance $b (;1;) (instantiate $owner))
  (core instance $guest (;2;) (instantiate $guest
      (with "a" (instance $a))
      (with "b" (instance $b))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func (param "table" u32) (param "n" u32) (result u32)))
  (alias core export $a "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (type (;2;) (func (param "table" u32) (param "n" u32) (result u32)))
  (alias core export $b "get" (core func (;1;)))
  (func (;1;) (type 2) (canon lift (core func 1)))
  (export (;2;) "a" (func 0))
  (export (;3;) "b" (func 1))
  (core module (;2;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (result i32)))
    (import "" "0" (table (;0;) 0 funcref))
    (import "" "1" (table (;1;) 0 funcref))
    (import "" "2" (table (;2;) 0 funcref))
    (import "" "3" (func (;0;) (type 1)))
    (import "" "4" (func (;1;) (type 2)))
    (elem (;0;) (table 0) (i32.const 0) func 0)
    (elem (;1;) (table 0) (i32.const 2) func 1)
    (elem (;2;) (table 1) (i32.const 3) func 0)
    (elem (;3;) (table 2) (i32.const 4) func 1)
  )
  (alias core export $a "first" (core table (;0;)))
  (alias core export $a "second" (core table (;1;)))
  (alias core export $b "first" (core table (;2;)))
  (alias core export $guest "one" (core func (;2;)))
  (alias core export $guest "two" (core func (;3;)))
  (core instance (;3;)
    (export "0" (table 0))
    (export "1" (table 1))
    (export "2" (table 2))
    (export "3" (func 2))
    (export "4" (func 3))
  )
  (core instance (;4;) (instantiate 2
      (with "" (instance 3))
    )
  )
)
