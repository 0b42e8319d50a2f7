(module
  (type $t (;0;) (func (result i32)))
  (type (;1;) (func))
  (global (;0;) (mut funcref) ref.func $two)
  (global (;1;) (mut funcref) ref.null func)
  (global (;2;) (mut funcref) ref.func $one)
  (global (;3;) (mut (ref null $t)) ref.func $three)
  (global (;4;) (mut (ref $t)) ref.func $three)
  (global (;5;) (ref $t) ref.func $two)
  (export "set" (global 0))
  (export "cleared" (global 1))
  (export "untouched" (global 2))
  (export "typed" (global 3))
  (export "never-null" (global 4))
  (export "immutable" (global 5))
  (elem (;0;) declare func $three)
  (func $one (;0;) (type $t) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type $t) (result i32)
    i32.const 2
  )
  (func $three (;2;) (type $t) (result i32)
    i32.const 3
  )
  (func (;3;) (type 1)
    ref.func $two
    global.set 0
    ref.null func
    global.set 1
    ref.func $three
    global.set 3
    ref.func $three
    global.set 4
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
