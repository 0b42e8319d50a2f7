(component
  (core module $other (;0;)
    (type (;0;) (func (result i32)))
    (export "ten" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 10
    )
  )
  (core module $guest (;1;)
    (type $number (;0;) (func (result i32)))
    (type (;1;) (func))
    (type (;2;) (func (param i32) (result i32)))
    (import "other" "ten" (func $ten (;0;) (type $number)))
    (table (;0;) 3 funcref)
    (table $call (;1;) 1 funcref)
    (global $held (;0;) (mut funcref) ref.func $two)
    (export "get" (func 4))
    (export "held" (func 5))
    (elem (;0;) declare func $ten $one $two)
    (elem (;1;) (i32.const 0) func $two $ten $one)
    (func $one (;1;) (type $number) (result i32)
      i32.const 1
    )
    (func $two (;2;) (type $number) (result i32)
      i32.const 2
    )
    (func (;3;) (type 1)
      i32.const 0
      ref.func $two
      table.set 0
      i32.const 1
      ref.func $ten
      table.set 0
      i32.const 2
      ref.func $one
      table.set 0
      ref.func $two
      global.set $held
    )
    (func (;4;) (type 2) (param i32) (result i32)
      local.get 0
      call_indirect (type $number)
    )
    (func (;5;) (type $number) (result i32)
      i32.const 0
      global.get $held
      table.set $call
      i32.const 0
      call_indirect $call (type $number)
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $other (;0;) (instantiate $other))
  (core instance $guest (;1;) (instantiate $guest
      (with "other" (instance $other))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func (param "n" u32) (result u32)))
  (alias core export $guest "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (type (;2;) (func (result u32)))
  (alias core export $guest "held" (core func (;1;)))
  (func (;1;) (type 2) (canon lift (core func 1)))
  (export (;2;) "get" (func 0))
  (export (;3;) "held" (func 1))
)
