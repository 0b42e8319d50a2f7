(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32) (result i32)))
  (import "h" "f" (global $f (;0;) (ref null $f)))
  (import "h" "g" (global $g (;1;) funcref))
  (table $t (;0;) 3 funcref)
  (table (;1;) 2 (ref null $f))
  (global $kept (;2;) (mut funcref) global.get $g)
  (export "table" (table $t))
  (export "typed" (table 1))
  (export "kept" (global $kept))
  (export "call" (func 2))
  (elem (;0;) declare func $own)
  (elem (;1;) (i32.const 0) funcref (global.get $f) (ref.func $own))
  (elem (;2;) (table 1) (i32.const 1) (ref null $f) (global.get $f))
  (func $own (;0;) (type $f) (result i32)
    i32.const 5
  )
  (func (;1;) (type 1)
    i32.const 0
    global.get $f
    table.set $t
    i32.const 1
    ref.func $own
    table.set $t
    i32.const 1
    global.get $f
    table.set 1
    global.get $g
    global.set $kept
  )
  (func (;2;) (type 2) (param i32) (result i32)
    local.get 0
    call_indirect (type $f)
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
