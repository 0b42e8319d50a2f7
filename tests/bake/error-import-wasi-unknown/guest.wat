;; allow-wasi
;; WASI preview 1 has no function of that name: no option gives it.
(module
  (import "wasi_snapshot_preview1" "sched_yield_to" (func $yield (result i32)))
  (func $init (export "wizer-initialize") (drop (call $yield))))
