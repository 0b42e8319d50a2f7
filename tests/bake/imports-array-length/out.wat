(module
  (type $bytes (;0;) (array (mut i8)))
  (type (;1;) (func (result i32 i32 i32)))
  (type (;2;) (func))
  (import "env" "length" (global $length (;0;) i32))
  (global $filled (;1;) (ref $bytes) i32.const 7 global.get $length array.new $bytes)
  (global $zeroed (;2;) (ref $bytes) global.get $length array.new_default $bytes)
  (global $count (;3;) (mut i32) i32.const 1)
  (export "lengths" (func 0))
  (func (;0;) (type 1) (result i32 i32 i32)
    global.get $filled
    array.len
    global.get $zeroed
    array.len
    global.get $count
  )
  (func (;1;) (type 2)
    i32.const 1
    global.set $count
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
