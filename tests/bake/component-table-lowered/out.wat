(component
  (type (;0;) (func (param "n" u32) (result u32)))
  (import "log" (func $log (;0;) (type 0)))
  (core func $log (;0;) (canon lower (func $log)))
  (core module $owner (;0;)
    (type $f (;0;) (func (param i32) (result i32)))
    (type (;1;) (func (result i32)))
    (table $table (;0;) 2 funcref)
    (table $held (;1;) 1 funcref)
    (global $g (;0;) (mut funcref) ref.null func)
    (export "table" (table $table))
    (export "held" (global $g))
    (export "call" (func 0))
    (export "call-held" (func 1))
    (func (;0;) (type $f) (param i32) (result i32)
      i32.const 7
      local.get 0
      call_indirect (type $f)
    )
    (func (;1;) (type 1) (result i32)
      i32.const 0
      global.get $g
      table.set $held
      i32.const 8
      i32.const 0
      call_indirect $held (type $f)
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $third (;1;)
    (type (;0;) (func (param i32) (result i32)))
    (export "twice" (func 0))
    (func (;0;) (type 0) (param i32) (result i32)
      local.get 0
      i32.const 2
      i32.mul
    )
  )
  (core module $guest (;2;)
    (type (;0;) (func (param i32) (result i32)))
    (type (;1;) (func))
    (import "host" "log" (func $log (;0;) (type 0)))
    (import "third" "twice" (func $twice (;1;) (type 0)))
    (import "owner" "table" (table (;0;) 2 funcref))
    (import "owner" "held" (global $held (;0;) (mut funcref)))
    (export "fixup-function-0" (func $log))
    (export "fixup-function-1" (func $twice))
    (elem (;0;) declare func $log $twice)
    (func (;2;) (type 1)
      i32.const 0
      ref.func $log
      table.set 0
      i32.const 1
      ref.func $twice
      table.set 0
      ref.func $twice
      global.set $held
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $owner (;0;) (instantiate $owner))
  (core instance $third (;1;) (instantiate $third))
  (core instance (;2;)
    (export "log" (func $log))
  )
  (core instance $guest (;3;) (instantiate $guest
      (with "host" (instance 2))
      (with "third" (instance $third))
      (with "owner" (instance $owner))
    )
  )
  (type (;1;) (func))
  (type (;2;) (func (param "n" u32) (result u32)))
  (alias core export $owner "call" (core func (;1;)))
  (func (;1;) (type 2) (canon lift (core func 1)))
  (type (;3;) (func (result u32)))
  (alias core export $owner "call-held" (core func (;2;)))
  (func (;2;) (type 3) (canon lift (core func 2)))
  (export (;3;) "call" (func 1))
  (export (;4;) "held" (func 2))
  (core module (;3;)
    (type (;0;) (func))
    (type (;1;) (func (param i32) (result i32)))
    (type (;2;) (func (param i32) (result i32)))
    (import "" "0" (table (;0;) 0 funcref))
    (import "" "1" (global (;0;) (mut funcref)))
    (import "" "2" (func (;0;) (type 1)))
    (import "" "3" (func (;1;) (type 2)))
    (start 2)
    (elem (;0;) (table 0) (i32.const 0) func 0 1)
    (elem (;1;) declare func 1)
    (func (;2;) (type 0)
      ref.func 1
      global.set 0
    )
  )
  (alias core export $owner "table" (core table (;0;)))
  (alias core export $owner "held" (core global (;0;)))
  (alias core export $guest "fixup-function-0" (core func (;3;)))
  (alias core export $guest "fixup-function-1" (core func (;4;)))
  (core instance (;4;)
    (export "0" (table 0))
    (export "1" (global 0))
    (export "2" (func 3))
    (export "3" (func 4))
  )
  (core instance (;5;) (instantiate 3
      (with "" (instance 4))
    )
  )
)
