;; No clock reads 0, which runtimes (all of Go) take for "no clock".
;; init: _initialize
;; keep-init
;; allow-wasi
;; warning: init read the clock (1x), in `_initialize`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 6 bytes of memory 0 (0x8) by `_initialize`
;; expect: started() => i32 1
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_initialize")
    (drop (call $time (i32.const 1) (i64.const 1) (i32.const 8)))
    (if (i64.eqz (i64.load (i32.const 8))) (then unreachable)))
  (func (export "started") (result i32) (i64.ne (i64.load (i32.const 8)) (i64.const 0))))
