(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (import "env" "memory" (memory $imported (;0;) 1))
  (import "env" "table" (table $imported (;0;) 4 funcref))
  (import "env" "base" (global $base (;0;) i32))
  (import "env" "counter" (global $counter (;1;) (mut i64)))
  (import "env" "function" (global $function (;2;) funcref))
  (import "env" "value" (global $value (;3;) externref))
  (import "env" "tag" (tag (;0;) (type 1) (param i32)))
  (table $own (;1;) 2 funcref)
  (table $moved (;2;) 4 funcref)
  (table $filled (;3;) 2 funcref global.get $function)
  (table $externs (;4;) 1 externref global.get $value)
  (memory $own (;1;) 1)
  (memory $moved (;2;) 1)
  (global $plain (;4;) (mut i32) i32.const 2)
  (global $sum (;5;) i32 global.get $base i32.const 10 i32.add)
  (global $copy (;6;) (mut i32) global.get $base)
  (export "own" (memory $own))
  (export "moved" (memory $moved))
  (export "table" (table $own))
  (export "moved-table" (table $moved))
  (export "filled" (table $filled))
  (export "externs" (table $externs))
  (export "plain" (global $plain))
  (export "sum-of-base" (global $sum))
  (export "copied" (global $copy))
  (export "read" (func 2))
  (export "dispatch" (func 3))
  (export "sum" (func 4))
  (export "copy" (func 5))
  (elem (;0;) (table $imported) (i32.const 1) func $one)
  (elem (;1;) (table $moved) (global.get $base) func $two)
  (elem $passive (;2;) funcref (global.get $function))
  (elem (;3;) (table $own) (i32.const 0) func $one)
  (func $one (;0;) (type $f) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type $f) (result i32)
    i32.const 2
  )
  (func (;2;) (type $f) (result i32)
    i32.const 4
    i32.load8_u
    i32.const 50
    i32.load8_u
    global.get $base
    i32.load8_u $moved
    i32.add
    i32.add
  )
  (func (;3;) (type $f) (result i32)
    i32.const 1
    call_indirect (type $f)
    global.get $base
    call_indirect $moved (type $f)
    i32.add
  )
  (func (;4;) (type $f) (result i32)
    global.get $copy
    i32.const 1
    i32.add
    global.set $copy
    global.get $sum
    global.get $copy
    i32.add
  )
  (func (;5;) (type 2)
    i32.const 1
    i32.const 0
    i32.const 1
    table.init $own $passive
  )
  (func (;6;) (type 2)
    i32.const 0
    i32.const 16909060
    i32.store $own
    i32.const 0
    ref.func $one
    table.set $own
    i32.const 2
    global.set $plain
  )
  (data (;0;) (i32.const 4) "imported")
  (data (;1;) (global.get $base) "at base")
  (data (;2;) (memory $own) (i32.const 0) "\04\03\02\01\00\00\00\00own")
  (data (;3;) (memory $moved) (global.get $base) "moved")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
