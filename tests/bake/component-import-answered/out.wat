(component
  (type (;0;)
    (instance
      (type (;0;) (func (param "n" u32) (result u32)))
      (export (;0;) "lookup" (func (type 0)))
    )
  )
  (import "test:shop/prices@1.0.0" (instance $prices (;0;) (type 0)))
  (type (;1;) (func (param "n" u32)))
  (import "log" (func $log (;0;) (type 1)))
  (alias export $prices "lookup" (func (;1;)))
  (core func $lookup (;0;) (canon lower (func 1)))
  (core func $log (;1;) (canon lower (func $log)))
  (core module $guest (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func))
    (type (;3;) (func (result i32)))
    (import "" "lookup" (func $lookup (;0;) (type 0)))
    (import "" "log" (func $log (;1;) (type 1)))
    (global $sum (;0;) (mut i32) i32.const 5)
    (export "get" (func 3))
    (export "ask" (func 4))
    (func (;2;) (type 2)
      i32.const 7
      call $log
      global.get $sum
      i32.const 1
      call $lookup
      i32.const 2
      call $lookup
      i32.add
      i32.add
      global.set $sum
    )
    (func (;3;) (type 3) (result i32)
      global.get $sum
    )
    (func (;4;) (type 0) (param i32) (result i32)
      local.get 0
      call $log
      local.get 0
      call $lookup
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance (;0;)
    (export "lookup" (func $lookup))
    (export "log" (func $log))
  )
  (core instance $guest (;1;) (instantiate $guest
      (with "" (instance 0))
    )
  )
  (type (;2;) (func))
  (type (;3;) (func (result u32)))
  (alias core export $guest "get" (core func (;2;)))
  (func (;2;) (type 3) (canon lift (core func 2)))
  (type (;4;) (func (param "n" u32) (result u32)))
  (alias core export $guest "ask" (core func (;3;)))
  (func (;3;) (type 4) (canon lift (core func 3)))
  (export (;4;) "get" (func 2))
  (export (;5;) "ask" (func 3))
)
