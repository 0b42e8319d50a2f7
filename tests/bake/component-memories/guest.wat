;; A 64-bit memory, a full memory, one with pages of one byte, and a vector.
;; call: get()
;; walrus: walrus cannot keep pages of another size than 64 KiB
(component
  (core module $guest
    (memory $wide i64 1 1)
    (memory $full 1 1)
    (memory $small 10 20 (pagesize 1))
    (global $vector (mut v128) (v128.const i64x2 1 2))
    (func (export "init")
      (i64.store $wide (i64.const 65528) (i64.const 7))
      (i32.store $full (i32.const 65532) (i32.const 8))
      (i32.store8 $small (memory.grow $small (i32.const 5)) (i32.const 9))
      (global.set $vector (v128.const i64x2 10 20)))
    (func (export "get") (result i64)
      (i64.add
        (i64.add (i64.load $wide (i64.const 65528)) (i64.load32_u $full (i32.const 65532)))
        (i64.add (i64.load8_u $small (i32.const 10)) (i64x2.extract_lane 1 (global.get $vector))))))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "get") (result u64) (canon lift (core func $guest "get"))))
