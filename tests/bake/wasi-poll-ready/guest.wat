;; Where something is ready nothing is slept, and only what is ready has an event: output, standard input, and a time that is past.
;; allow-wasi
;; warning: init read the clock (1x) and waited for it (1x), in `wizer-initialize`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 16 bytes of memory 0 (0x0) by `wizer-initialize`
;; expect: count() => i32 4
;; expect: users() => i64 2, i64 3, i64 4, i64 6
;; expect: types() => i64 131072, i64 131072, i64 65536, i64 0
;; expect: now() => i64 2000
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; Subscriptions: user data, type, clock or descriptor, timeout, precision, flags.
  ;; 1: a second
  (data (i32.const 1024) (i64 1 0 1 1000000000 0 0))
  ;; 2: write to standard output
  (data (i32.const 1072) (i64 2 2 1 0 0 0))
  ;; 3: write to standard error
  (data (i32.const 1120) (i64 3 2 2 0 0 0))
  ;; 4: read standard input
  (data (i32.const 1168) (i64 4 1 0 0 0 0))
  ;; 5: until a time that is to come
  (data (i32.const 1216) (i64 5 0 0 1767225600000000005 0 1))
  ;; 6: until a time that is past
  (data (i32.const 1264) (i64 6 0 1 0 0 1))

  (func (export "wizer-initialize")
    (if (call $poll (i32.const 1024) (i32.const 2048) (i32.const 6) (i32.const 0)) (then unreachable))
    (drop (call $time (i32.const 1) (i64.const 0) (i32.const 8))))
  (func (export "count") (result i32) (i32.load (i32.const 0)))
  (func (export "users") (result i64 i64 i64 i64)
    (i64.load (i32.const 2048)) (i64.load (i32.const 2080)) (i64.load (i32.const 2112)) (i64.load (i32.const 2144)))
  ;; With the error in the lowest 16 bits.
  (func (export "types") (result i64 i64 i64 i64)
    (i64.load (i32.const 2056)) (i64.load (i32.const 2088)) (i64.load (i32.const 2120)) (i64.load (i32.const 2152)))
  (func (export "now") (result i64) (i64.load (i32.const 8))))
