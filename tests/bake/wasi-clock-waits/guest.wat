;; Whoever sleeps until a time has come gets there at once: time moves by what is slept.
;; allow-wasi
;; timeout: 5
;; warning: init read the clock (2x) and waited for it (1x), in `wizer.initialize` by `now`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 6 bytes of memory 0 (0x8) by `wizer.initialize`
;; expect: done() => i32 1
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $now (result i64) (drop (call $time (i32.const 1) (i64.const 1) (i32.const 8))) (i64.load (i32.const 8)))
  (func (export "wizer.initialize") (local $end i64)
    (local.set $end (i64.add (call $now) (i64.const 5000000)))
    (loop $again
      (i64.store (i32.const 64) (i64.const 7))            ;; userdata
      (i32.store8 (i32.const 72) (i32.const 0))           ;; a clock
      (i32.store (i32.const 80) (i32.const 1))            ;; monotonic
      (i64.store (i32.const 88) (i64.const 5000000))      ;; timeout, relative
      (drop (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 192)))
      (br_if $again (i64.lt_u (call $now) (local.get $end))))
    (i32.store (i32.const 0) (i32.const 1)))
  (func (export "done") (result i32) (i32.load (i32.const 0))))
