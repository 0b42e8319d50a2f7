(module
  (type $f (;0;) (func (result i32)))
  (type $i8 (;1;) (array (mut i8)))
  (type $i16 (;2;) (array (mut i16)))
  (type $i32 (;3;) (array (mut i32)))
  (type $i64 (;4;) (array (mut i64)))
  (type $f32 (;5;) (array (mut f32)))
  (type $f64 (;6;) (array (mut f64)))
  (type $v128 (;7;) (array (mut v128)))
  (type $functions (;8;) (array (mut (ref null $f))))
  (type $demanding (;9;) (array (ref $f)))
  (type $any (;10;) (array (mut anyref)))
  (type $extern (;11;) (array (mut externref)))
  (type $exceptions (;12;) (array (mut exnref)))
  (type (;13;) (func (param i32) (result i32)))
  (type (;14;) (func))
  (global (;0;) (ref $i8) i32.const 1 i32.const 254 i32.const 16 array.new_fixed $i8 3)
  (global (;1;) (mut (ref null $any)) global.get 0 i32.const 1027 i32.const 1541 i32.const 2055 i32.const 2569 array.new_fixed $i16 4 i32.const -1 i32.const 7 array.new_fixed $i32 2 i64.const 578437695752307201 i64.const 1157159078456920585 array.new_fixed $i64 2 f32.const nan:0x200001 (;=NaN;) array.new_fixed $f32 1 f64.const -0x0p+0 (;=-0;) f64.const inf (;=inf;) array.new_fixed $f64 2 v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000 i32.const 2 array.new $v128 ref.func $two ref.func $one ref.null $f array.new_fixed $functions 3 ref.func $two i32.const 2 array.new $demanding global.get 0 extern.convert_any ref.null extern array.new_fixed $extern 2 ref.null exn i32.const 2 array.new $exceptions array.new_fixed $any 0 global.get 0 array.new_fixed $any 13)
  (export "any" (global 1))
  (export "bytes" (func 2))
  (export "half" (func 3))
  (elem $elem (;0;) (ref null $f) (ref.func $one) (ref.null $f) (ref.func $two))
  (elem (;1;) declare func $one $two)
  (func $one (;0;) (type $f) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type $f) (result i32)
    i32.const 2
  )
  (func (;2;) (type 13) (param i32) (result i32)
    global.get 1
    i32.const 0
    array.get $any
    ref.cast (ref $i8)
    local.get 0
    array.get_s $i8
  )
  (func (;3;) (type 13) (param i32) (result i32)
    global.get 1
    i32.const 1
    array.get $any
    ref.cast (ref $i16)
    local.get 0
    array.get_u $i16
  )
  (func (;4;) (type 14)
    (local $bytes (ref $i8)) (local $all (ref $any)) (local $functions (ref $functions))
    i32.const 1
    i32.const 254
    i32.const 3
    array.new_fixed $i8 3
    local.set $bytes
    i32.const 13
    array.new_default $any
    local.set $all
    i32.const 0
    i32.const 3
    array.new_elem $functions $elem
    local.set $functions
    local.get $all
    i32.const 0
    local.get $bytes
    array.set $any
    local.get $all
    i32.const 1
    i32.const 2
    i32.const 4
    array.new_data $i16 $data
    array.set $any
    local.get $all
    i32.const 2
    i32.const -1
    i32.const 2
    array.new $i32
    array.set $any
    local.get $all
    i32.const 3
    i32.const 0
    i32.const 2
    array.new_data $i64 $data
    array.set $any
    local.get $all
    i32.const 4
    f32.const nan:0x200001 (;=NaN;)
    i32.const 1
    array.new $f32
    array.set $any
    local.get $all
    i32.const 5
    f64.const -0x0p+0 (;=-0;)
    f64.const inf (;=inf;)
    array.new_fixed $f64 2
    array.set $any
    local.get $all
    i32.const 6
    v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000
    i32.const 2
    array.new $v128
    array.set $any
    local.get $all
    i32.const 7
    local.get $functions
    array.set $any
    local.get $all
    i32.const 8
    ref.func $two
    i32.const 2
    array.new $demanding
    array.set $any
    local.get $all
    i32.const 9
    local.get $bytes
    extern.convert_any
    ref.null extern
    array.new_fixed $extern 2
    array.set $any
    local.get $all
    i32.const 10
    i32.const 2
    array.new_default $exceptions
    array.set $any
    local.get $all
    i32.const 11
    i32.const 0
    array.new_default $any
    array.set $any
    local.get $all
    i32.const 12
    local.get $bytes
    array.set $any
    local.get $all
    i32.const 2
    array.get $any
    ref.cast (ref $i32)
    i32.const 1
    i32.const 7
    i32.const 1
    array.fill $i32
    local.get $functions
    i32.const 1
    local.get $functions
    i32.const 0
    i32.const 2
    array.copy $functions $functions
    local.get $bytes
    i32.const 2
    i32.const 15
    i32.const 1
    array.init_data $i8 $data
    local.get $functions
    i32.const 0
    i32.const 2
    i32.const 1
    array.init_elem $functions $elem
    local.get $all
    global.set 1
  )
  (data $data (;0;) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
