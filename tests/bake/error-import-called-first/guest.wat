;; An import that does not exist at build time is called by all that run, after functions that come back.
(module
  (import "host" "now" (func $now (param i32) (result i64)))
  (memory 1)
  (global $time (mut i64) (i64.const 0))
  (func $store (i32.store (i32.const 0) (i32.const 1)))
  (func $nested (block (loop (call $store))))
  (func $ask (call $nested) (global.set $time (call $now (i32.const 1))))
  (func (export "wizer-initialize") (call $ask)))
