(component
  (core module $guest (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (global $n (;0;) (mut i32) i32.const 5)
    (export "one" (func 1))
    (export "two" (func 2))
    (func (;0;) (type 0)
      i32.const 5
      global.set $n
    )
    (func (;1;) (type 1) (result i32)
      global.get $n
      i32.const 1
      i32.add
    )
    (func (;2;) (type 1) (result i32)
      global.get $n
      i32.const 2
      i32.add
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (alias core export $guest "one" (core func $one (;0;)))
  (alias core export $guest "two" (core func $two (;1;)))
  (type (;0;) (func))
  (type $get (;1;) (func (result u32)))
  (type $get-signed (;2;) (func (result s32)))
  (func $one (;0;) (type $get) (canon lift (core func $one)))
  (func $two (;1;) (type $get) (canon lift (core func $two)))
  (func $signed (;2;) (type $get-signed) (canon lift (core func $two)))
  (component $inner (;0;)
    (type (;0;) (func (result u32)))
    (import "one" (func $one (;0;) (type 0)))
    (type (;1;) (func (result u32)))
    (import "two" (func $two (;1;) (type 1)))
    (core func $one (;0;) (canon lower (func $one)))
    (core func $two (;1;) (canon lower (func $two)))
    (core module $guest (;0;)
      (type (;0;) (func (result i32)))
      (import "" "one" (func $one (;0;) (type 0)))
      (import "" "two" (func $two (;1;) (type 0)))
      (export "both" (func 2))
      (func (;2;) (type 0) (result i32)
        call $one
        i32.const 10
        i32.mul
        call $two
        i32.add
      )
    )
    (core instance (;0;)
      (export "one" (func $one))
      (export "two" (func $two))
    )
    (core instance $guest (;1;) (instantiate $guest
        (with "" (instance 0))
      )
    )
    (type (;2;) (func (result u32)))
    (alias core export $guest "both" (core func (;2;)))
    (func (;2;) (type 2) (canon lift (core func 2)))
    (export (;3;) "both" (func 2))
  )
  (instance $inner (;0;) (instantiate $inner
      (with "one" (func $one))
      (with "two" (func $two))
    )
  )
  (instance $numbers (;1;)
    (export "one" (func $one))
    (export "two" (func $two))
  )
  (export (;2;) "numbers" (instance $numbers))
  (export (;3;) "signed" (func $signed))
  (alias export $inner "both" (func (;4;)))
  (export (;5;) "both" (func 4))
)
