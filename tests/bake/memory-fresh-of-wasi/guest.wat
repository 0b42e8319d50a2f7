;; WASI works on the memory that the loader hands in, where the module exports none.
;; allow-wasi
;; import: env.memory=fresh
;; warning: init drew random numbers, in `wizer-initialize`: they come from a fixed seed, and are the same in every instance
;; warning: - 8 bytes of memory 0 (0x8) by `wizer-initialize`
;; expect: get() => i64 4232834352001083961
(module
  (import "env" "memory" (memory 1))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory $own 1)
  (func (export "wizer-initialize") (drop (call $random (i32.const 8) (i32.const 8))))
  (func (export "get") (result i64) (i64.add (i64.load (i32.const 8)) (i64.load $own (i32.const 8)))))
