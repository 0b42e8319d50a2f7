;; All four clocks go, at the same pace, and tell their resolution; there is no fifth.
;; allow-wasi
;; warning: init read the clock (4x), in `wizer-initialize`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 30 bytes of memory 0 (0x0) by `wizer-initialize`
;; expect: times() => i64 1767225600000001000, i64 2000, i64 3000, i64 4000
;; expect: resolutions() => i64 1, i64 1, i64 1, i64 1
;; expect: fifth() => i32 28, i32 28, i64 0
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_res_get" (func $resolution (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "wizer-initialize") (local $clock i32)
    (loop $again
      (if (call $time (local.get $clock) (i64.const 0) (i32.shl (local.get $clock) (i32.const 3))) (then unreachable))
      (if (call $resolution (local.get $clock) (i32.add (i32.const 64) (i32.shl (local.get $clock) (i32.const 3))))
        (then unreachable))
      (local.set $clock (i32.add (local.get $clock) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $clock) (i32.const 4))))
    (i32.store (i32.const 128) (call $time (i32.const 4) (i64.const 0) (i32.const 136)))
    (i32.store (i32.const 132) (call $resolution (i32.const 4) (i32.const 136))))
  (func (export "times") (result i64 i64 i64 i64)
    (i64.load (i32.const 0)) (i64.load (i32.const 8)) (i64.load (i32.const 16)) (i64.load (i32.const 24)))
  (func (export "resolutions") (result i64 i64 i64 i64)
    (i64.load (i32.const 64)) (i64.load (i32.const 72)) (i64.load (i32.const 80)) (i64.load (i32.const 88)))
  (func (export "fifth") (result i32 i32 i64)
    (i32.load (i32.const 128)) (i32.load (i32.const 132)) (i64.load (i32.const 136))))
