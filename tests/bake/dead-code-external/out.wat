(module
  (type (;0;) (func (result i32)))
  (import "env" "base" (global $base (;0;) i32))
  (import "env" "memory" (memory (;0;) 1))
  (import "env" "table" (table $imported (;0;) 4 funcref))
  (table $own (;1;) 4 funcref)
  (memory $own (;1;) 1)
  (global $count (;1;) (mut i32) i32.const 3)
  (export "get" (func $seen))
  (elem (;0;) (i32.const 1) func $seen)
  (elem (;1;) (table $own) (global.get $base) func $placed)
  (func $seen (;0;) (type 0) (result i32)
    global.get $count
  )
  (func $placed (;1;) (type 0) (result i32)
    i32.const 2
  )
  (data (;0;) (memory $own) (global.get $base) "placed")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
