;; Imports that init does not call are no obstacle; later they are called as before.
;; call: run(3)
(module
  (import "env" "log" (func $log (param i32 f64)))
  (import "env" "ask" (func $ask (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (import "env" "tag" (tag $tag (param i32)))
  (global (export "g") (mut i32) (i32.const 0))
  (func (export "run") (param i32) (result i32)
    (call $log (i32.add (local.get 0) (global.get 0)) (f64.const 1.5))
    (drop (call $yield))
    (call $ask))
  (func (export "throw") (throw $tag (i32.const 1)))
  (func (export "wizer-initialize") (global.set 0 (i32.const 39))))
