;; The same random numbers and the same times in every bake; the user is told.
;; allow-wasi
;; warning: init drew random numbers, in `wizer-initialize`: they come from a fixed seed, and are the same in every instance
;; warning: - 8 bytes of memory 0 (0x8) by `wizer-initialize`
;; warning: init read the clock (2x), in `wizer-initialize`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 14 bytes of memory 0 (0x10) by `wizer-initialize`
;; expect: random() => i64 4232834352001083961
;; expect: times() => i64 1767225600000001000, i64 2000
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "not the time yet")
  (func (export "random") (result i64) (i64.load (i32.const 8)))
  (func (export "times") (result i64 i64) (i64.load (i32.const 16)) (i64.load (i32.const 24)))
  (func (export "wizer-initialize")
    (drop (call $random (i32.const 8) (i32.const 8)))
    (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 16)))
    (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 24)))))
