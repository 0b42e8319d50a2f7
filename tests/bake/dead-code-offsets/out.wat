(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (import "env" "base" (global $base (;0;) i32))
  (table (;0;) 64 funcref)
  (memory (;0;) 1)
  (global $place (;1;) i32 global.get $base i32.const 4 i32.add)
  (global $other (;2;) i32 i32.const 20)
  (export "memory" (memory 0))
  (export "table" (table 0))
  (export "size" (func $seen))
  (export "read" (func 1))
  (export "sum" (func 2))
  (elem (;0;) (global.get $place) func $seen)
  (func $seen (;0;) (type 0) (result i32)
    table.size 0
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load
  )
  (func (;2;) (type 0) (result i32)
    global.get $place
    global.get $other
    i32.add
  )
  (data (;0;) (global.get $place) "placed")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
