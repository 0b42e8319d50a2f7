;; Time moves to the first deadline, and what is due then has an event, in the order of the subscriptions. Nothing else has.
;; allow-wasi
;; warning: init read the clock (1x) and waited for it (2x), in `wizer-initialize`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 8 bytes of memory 0 (0x8) by `wizer-initialize`
;; expect: first() => i32 3, i64 2, i64 3, i64 5
;; expect: events() => i64 0, i64 0, i64 0
;; expect: now() => i64 7001000
;; expect: second() => i32 1, i64 1
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; Subscriptions: user data, type, clock or descriptor, timeout, precision, flags.
  ;; 1: 9 ms on clock 1
  (data (i32.const 1024) (i64 1 0 1 9000000 0 0))
  ;; 2: 7 ms on clock 1
  (data (i32.const 1072) (i64 2 0 1 7000000 0 0))
  ;; 3: until clock 1 shows 7 ms
  (data (i32.const 1120) (i64 3 0 1 7000000 0 1))
  ;; 4: until clock 0 shows a nanosecond more
  (data (i32.const 1168) (i64 4 0 0 1767225600007000001 0 1))
  ;; 5: until clock 2 shows 7 ms
  (data (i32.const 1216) (i64 5 0 2 7000000 0 1))

  (func (export "wizer-initialize")
    (if (call $poll (i32.const 1024) (i32.const 2048) (i32.const 5) (i32.const 0)) (then unreachable))
    (drop (call $time (i32.const 1) (i64.const 0) (i32.const 8)))
    ;; The first one again, by itself, over the subscriptions.
    (if (call $poll (i32.const 1024) (i32.const 1024) (i32.const 1) (i32.const 4)) (then unreachable)))
  (func (export "first") (result i32 i64 i64 i64)
    (i32.load (i32.const 0)) (i64.load (i32.const 2048)) (i64.load (i32.const 2080)) (i64.load (i32.const 2112)))
  ;; Error, type, flags.
  (func (export "events") (result i64 i64 i64)
    (i64.load (i32.const 2056)) (i64.load (i32.const 2064)) (i64.load (i32.const 2072)))
  (func (export "now") (result i64) (i64.load (i32.const 8)))
  (func (export "second") (result i32 i64) (i32.load (i32.const 4)) (i64.load (i32.const 1024))))
