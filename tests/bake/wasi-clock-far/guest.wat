;; Who waits for ever is at the end of time, and time does not start anew there.
;; allow-wasi
;; timeout: 5
;; expect: times() => i64 -1, i64 -1
;; expect: events() => i32 1, i32 1
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; clock 0, until the largest time
  (data (i32.const 88) (i64 -1 0 1))
  ;; clock 1, for the largest time
  (data (i32.const 144) (i64 1 -1))
  (func (export "wizer-initialize")
    (if (call $poll (i32.const 64) (i32.const 256) (i32.const 1) (i32.const 0)) (then unreachable))
    (drop (call $time (i32.const 0) (i64.const 0) (i32.const 16)))
    (if (call $poll (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 4)) (then unreachable))
    (drop (call $time (i32.const 1) (i64.const 0) (i32.const 24))))
  (func (export "times") (result i64 i64) (i64.load (i32.const 16)) (i64.load (i32.const 24)))
  (func (export "events") (result i32 i32) (i32.load (i32.const 0)) (i32.load (i32.const 4))))
