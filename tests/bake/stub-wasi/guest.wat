;; WASI's functions become the module's own: those that only init called are gone, a call of the others traps, and what reaches them is told.
;; allow-wasi
;; stub: wasi_snapshot_preview1.*
;; output: hello
;; warning: what stands for these imports can still be reached:
;; warning:   - `wasi_snapshot_preview1` `fd_write` by `shout` -> `write`
;; warning:   - `wasi_snapshot_preview1` `random_get` by `random` -> table 0
;; expect: get() => i32 7
;; expect: shout() => trap: UnreachableCodeReached
;; expect: other() => [env.log()] i32 1
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "env" "log" (func $log))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table 2 funcref)
  (elem (i32.const 0) $random $log)
  (global $kept (mut i32) (i32.const 0))
  (data (i32.const 8) "hello\0a")
  (func $write
    (i32.store (i32.const 32) (i32.const 8))
    (i32.store (i32.const 36) (i32.const 6))
    (drop (call $fd_write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40))))
  (func (export "wizer-initialize")
    (call $write) (global.set $kept (i32.const 7)) (if (i32.eqz (i32.const 1)) (then (call $exit (i32.const 1)))))
  (func $shout (export "shout") (call $write))
  (func (export "other") (result i32) (call $log) (i32.const 1))
  (func (export "random") (result i32) (call_indirect (param i32 i32) (result i32) (i32.const 0) (i32.const 1) (i32.const 0)))
  (func (export "get") (result i32) (global.get $kept)))
