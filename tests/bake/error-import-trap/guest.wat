;; A function of WASI that must not be called, and another of the same name as a pattern has. A whole name counts for more than a pattern.
;; allow-wasi
;; import: wasi_snapshot_preview1.*=zero
;; import: wasi_snapshot_preview1.random_get=trap
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $draw (drop (call $random (i32.const 0) (i32.const 8))))
  (func (export "wizer-initialize") (drop (call $yield)) (call $draw)))
