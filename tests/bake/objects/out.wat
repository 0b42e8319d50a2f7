(module
  (type $s (;0;) (struct (field (mut i32)) (field i64) (field f32) (field f64) (field v128) (field (mut i8)) (field i16)))
  (type $bytes (;1;) (array (mut i8)))
  (type $longs (;2;) (array i64))
  (type $f (;3;) (func (result i32)))
  (type $holder (;4;) (struct (field (ref $f)) (field anyref) (field externref) (field (ref null $holder))))
  (type (;5;) (func (param i32) (result (ref $s))))
  (type (;6;) (func))
  (table (;0;) 4 (ref null $s))
  (table (;1;) 3 anyref)
  (global (;0;) (mut anyref) i32.const 3 i64.const -5 f32.const nan:0x200001 (;=NaN;) f64.const -0x0p+0 (;=-0;) v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000 i32.const 255 i32.const 65535 struct.new $s)
  (global (;1;) (mut (ref null $bytes)) i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 1 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 i32.const 200 array.new_fixed $bytes 50)
  (global (;2;) (mut (ref null $longs)) i64.const 0 i32.const 5 array.new $longs)
  (global (;3;) (mut eqref) i32.const 2 ref.i31)
  (global (;4;) (mut i31ref) i32.const 2147483647 ref.i31)
  (global (;5;) (mut (ref null $holder)) ref.func $seven i32.const 9 ref.i31 i32.const 4 i64.const -5 f32.const nan:0x200001 (;=NaN;) f64.const -0x0p+0 (;=-0;) v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000 i32.const 255 i32.const 65535 struct.new $s extern.convert_any ref.null $holder struct.new $holder)
  (global (;6;) (mut externref) i32.const 1 ref.i31 extern.convert_any)
  (export "table" (table 0))
  (export "any" (table 1))
  (export "struct" (global 0))
  (export "bytes" (global 1))
  (export "longs" (global 2))
  (export "small" (global 3))
  (export "negative" (global 4))
  (export "holder" (global 5))
  (export "extern" (global 6))
  (export "sum" (func 2))
  (export "bump" (func 3))
  (elem (;0;) declare func $seven)
  (elem (;1;) (table 0) (i32.const 1) (ref null $s) (item i32.const 1 i64.const -5 f32.const nan:0x200001 (;=NaN;) f64.const -0x0p+0 (;=-0;) v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000 i32.const 255 i32.const 65535 struct.new $s) (item i32.const 2 i64.const -5 f32.const nan:0x200001 (;=NaN;) f64.const -0x0p+0 (;=-0;) v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000 i32.const 255 i32.const 65535 struct.new $s))
  (elem (;2;) (table 1) (i32.const 0) anyref (item i32.const 2147483647 ref.i31))
  (elem (;3;) (table 1) (i32.const 2) anyref (item i64.const 1 i64.const 2 i64.const 3 array.new_fixed $longs 3))
  (func $seven (;0;) (type $f) (result i32)
    i32.const 7
  )
  (func $make (;1;) (type 5) (param i32) (result (ref $s))
    local.get 0
    i64.const -5
    f32.const nan:0x200001 (;=NaN;)
    f64.const -0x0p+0 (;=-0;)
    v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000
    i32.const 511
    i32.const -1
    struct.new $s
  )
  (func (;2;) (type $f) (result i32)
    i32.const 1
    table.get 0
    struct.get $s 0
    global.get 5
    struct.get $holder 0
    call_ref $f
    i32.add
  )
  (func (;3;) (type 6)
    i32.const 1
    table.get 0
    i32.const 100
    struct.set $s 0
  )
  (func (;4;) (type 6)
    i32.const 1
    i32.const 1
    call $make
    table.set 0
    i32.const 2
    i32.const 2
    call $make
    table.set 0
    i32.const 0
    i32.const -1
    ref.i31
    table.set 1
    i32.const 2
    i64.const 1
    i64.const 2
    i64.const 3
    array.new_fixed $longs 3
    table.set 1
    i32.const 3
    call $make
    global.set 0
    i32.const 200
    i32.const 50
    array.new $bytes
    global.set 1
    global.get 1
    i32.const 7
    i32.const 1
    array.set $bytes
    i32.const 5
    array.new_default $longs
    global.set 2
    i32.const 2
    ref.i31
    global.set 3
    i32.const 2147483647
    ref.i31
    global.set 4
    ref.func $seven
    i32.const 9
    ref.i31
    i32.const 4
    call $make
    extern.convert_any
    ref.null $holder
    struct.new $holder
    global.set 5
    i32.const 1
    ref.i31
    extern.convert_any
    global.set 6
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
