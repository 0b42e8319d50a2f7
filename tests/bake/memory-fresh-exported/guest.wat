;; A fresh memory that is exported again, and that WASI works on. Growth after init is the host's to say.
;; allow-wasi
;; import: env.memory=fresh
;; warning: init drew random numbers, in `wizer-initialize`: they come from a fixed seed, and are the same in every instance
;; warning: - 8 bytes of memory 0 (0x8) by `wizer-initialize`
;; expect: get() => i64 4232834352001083961
;; expect: grow() => i32 1
(module
  (import "env" "memory" (memory 1 2))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (export "memory" (memory 0))
  (func (export "wizer-initialize") (drop (call $random (i32.const 8) (i32.const 8))))
  (func (export "get") (result i64) (i64.load (i32.const 8)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1))))
