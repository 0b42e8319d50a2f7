(component
  (core module $guest (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i64)))
    (memory $wide (;0;) i64 1 1)
    (memory $full (;1;) 1 1)
    (memory $small (;2;) 15 20 (pagesize 0x1))
    (global $vector (;0;) (mut v128) v128.const i32x4 0x0000000a 0x00000000 0x00000014 0x00000000)
    (export "get" (func 1))
    (func (;0;) (type 0)
      i64.const 65528
      i64.const 7
      i64.store
      i32.const 65532
      i32.const 8
      i32.store $full
      i32.const 5
      memory.grow $small
      i32.const 9
      i32.store8 $small
      v128.const i32x4 0x0000000a 0x00000000 0x00000014 0x00000000
      global.set $vector
    )
    (func (;1;) (type 1) (result i64)
      i64.const 65528
      i64.load
      i32.const 65532
      i64.load32_u $full
      i64.add
      i32.const 10
      i64.load8_u $small
      global.get $vector
      i64x2.extract_lane 1
      i64.add
      i64.add
    )
    (data (;0;) (i64.const 65528) "\07")
    (data (;1;) (memory $full) (i32.const 65532) "\08")
    (data (;2;) (memory $small) (i32.const 10) "\09")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (type (;0;) (func))
  (type (;1;) (func (result u64)))
  (alias core export $guest "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "get" (func 0))
)
