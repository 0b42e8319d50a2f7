;; What the options say of an import of WASI counts more than what WASI would answer.
;; allow-wasi
;; import: wasi_snapshot_preview1.random_get=zero
;; answer: get() => i32 0
;; warning: init called the import `wasi_snapshot_preview1` `random_get` (1x), which was answered with zero by `--import`: each instance sees what init made of that
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (memory (export "memory") 1)
  (func (export "wizer-initialize")
    (drop (call $yield))
    (i32.store (i32.const 16) (call $random (i32.const 0) (i32.const 8))))
  (func (export "get") (result i32) (i32.or (i32.load (i32.const 16)) (i32.load (i32.const 0)))))
