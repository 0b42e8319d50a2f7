(module
  (type $array (;0;) (array (mut externref)))
  (type (;1;) (func))
  (type (;2;) (func (param i32) (result externref)))
  (type (;3;) (func (result anyref)))
  (type (;4;) (func (result externref)))
  (import "h" "a" (global $a (;0;) externref))
  (import "h" "b" (global $b (;1;) (ref extern)))
  (import "h" "any" (global $any (;2;) anyref))
  (table $t (;0;) 4 externref)
  (table $filled (;1;) 3 (ref extern) global.get $b)
  (global $derived (;3;) externref global.get $a)
  (global $mutable (;4;) (mut externref) global.get $b)
  (global $never (;5;) (mut (ref extern)) global.get $b)
  (global $as_any (;6;) (mut anyref) global.get $a any.convert_extern)
  (global $as_extern (;7;) (mut externref) global.get $any extern.convert_any)
  (global $list (;8;) (mut (ref null $array)) global.get $a ref.null extern global.get $b array.new_fixed $array 3)
  (export "mutable" (global $mutable))
  (export "never null" (global $never))
  (export "table" (table $t))
  (export "filled" (table $filled))
  (export "get" (func 1))
  (export "any" (func 2))
  (export "back" (func 3))
  (export "kept" (func 4))
  (export "never" (func 5))
  (elem (;0;) (table $t) (i32.const 0) externref (global.get $a) (global.get $b) (global.get $b))
  (elem $passive (;1;) externref (global.get $b))
  (elem (;2;) (table $filled) (i32.const 0) (ref extern) (global.get $b) (global.get $b) (global.get $b))
  (func (;0;) (type 1)
    i32.const 1
    global.get $b
    table.set $t
    i32.const 2
    i32.const 0
    i32.const 1
    table.init $passive
    i32.const 0
    global.get $derived
    table.set $t
    i32.const 1
    global.get $never
    table.set $filled
    i32.const 1
    table.get $t
    global.set $mutable
    global.get $a
    any.convert_extern
    global.set $as_any
    global.get $any
    extern.convert_any
    global.set $as_extern
    global.get $a
    ref.null extern
    global.get $b
    array.new_fixed $array 3
    global.set $list
  )
  (func (;1;) (type 2) (param i32) (result externref)
    local.get 0
    table.get $t
  )
  (func (;2;) (type 3) (result anyref)
    global.get $as_any
  )
  (func (;3;) (type 4) (result externref)
    global.get $as_extern
  )
  (func (;4;) (type 4) (result externref)
    global.get $list
    i32.const 2
    array.get $array
  )
  (func (;5;) (type 4) (result externref)
    global.get $never
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
