;; Whoever asks again and again until a time has come gets there: each reading moves time by a microsecond.
;; allow-wasi
;; timeout: 20
;; warning: init read the clock (100001x), in `wizer-initialize` by `now`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 8 bytes of memory 0 (0x8) by `wizer-initialize`
;; expect: passed() => i64 100000000
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (global $passed (mut i64) (i64.const 0))
  (func $now (result i64) (drop (call $time (i32.const 0) (i64.const 1) (i32.const 8))) (i64.load (i32.const 8)))
  (func (export "wizer-initialize") (local $start i64)
    (local.set $start (call $now))
    (loop $again
      (global.set $passed (i64.sub (call $now) (local.get $start)))
      (br_if $again (i64.lt_u (global.get $passed) (i64.const 100_000_000)))))
  (func (export "passed") (result i64) (global.get $passed)))
