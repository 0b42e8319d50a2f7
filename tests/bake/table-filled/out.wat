(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32) (result i32)))
  (table (;0;) 70002 funcref)
  (export "call" (func 3))
  (start 4)
  (elem (;0;) declare func $one $two)
  (elem (;1;) (i32.const 70000) func $two)
  (func $one (;0;) (type $f) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type $f) (result i32)
    i32.const 2
  )
  (func (;2;) (type 1)
    i32.const 1
    ref.func $one
    i32.const 69998
    table.fill 0
    i32.const 70000
    ref.func $two
    table.set 0
  )
  (func (;3;) (type 2) (param i32) (result i32)
    local.get 0
    call_indirect (type $f)
  )
  (func (;4;) (type 1)
    i32.const 1
    ref.func $one
    i32.const 69998
    table.fill 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
