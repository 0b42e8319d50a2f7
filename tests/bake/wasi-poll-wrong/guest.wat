;; What cannot be waited for has an event that says why, at once; the rest of the call is as ever.
;; allow-wasi
;; expect: count() => i32 5
;; expect: users() => i64 2, i64 3, i64 4, i64 5, i64 6
;; expect: types() => i64 28, i64 28, i64 65544, i64 131080, i64 65544
;; expect: none() => i32 28
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; Subscriptions: user data, type, clock or descriptor, timeout, precision, flags.
  ;; 1: a second
  (data (i32.const 1024) (i64 1 0 1 1000000000 0 0))
  ;; 2: a clock that does not exist
  (data (i32.const 1072) (i64 2 0 4 5 0 0))
  ;; 3: flags that do not exist
  (data (i32.const 1120) (i64 3 0 1 5 0 2))
  ;; 4: read a descriptor that is not open
  (data (i32.const 1168) (i64 4 1 9 0 0 0))
  ;; 5: write to standard input
  (data (i32.const 1216) (i64 5 2 0 0 0 0))
  ;; 6: read standard output
  (data (i32.const 1264) (i64 6 1 1 0 0 0))

  (func (export "wizer-initialize")
    (if (call $poll (i32.const 1024) (i32.const 2048) (i32.const 6) (i32.const 0)) (then unreachable))
    (i32.store (i32.const 4) (call $poll (i32.const 1024) (i32.const 2048) (i32.const 0) (i32.const 8))))
  (func (export "count") (result i32) (i32.load (i32.const 0)))
  (func (export "users") (result i64 i64 i64 i64 i64)
    (i64.load (i32.const 2048)) (i64.load (i32.const 2080)) (i64.load (i32.const 2112)) (i64.load (i32.const 2144))
    (i64.load (i32.const 2176)))
  ;; With the error in the lowest 16 bits.
  (func (export "types") (result i64 i64 i64 i64 i64)
    (i64.load (i32.const 2056)) (i64.load (i32.const 2088)) (i64.load (i32.const 2120)) (i64.load (i32.const 2152))
    (i64.load (i32.const 2184)))
  (func (export "none") (result i32) (i32.load (i32.const 4))))
