;; An init that prints and yields has read nothing, whatever it was shown.
;; allow-wasi
;; env: A=1
;; output: hello
;; expect: nothing() =>
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fdstat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $filestat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\08\00\00\00\06\00\00\00hello\n")
  (func (export "nothing"))
  (func (export "wizer-initialize")
    (drop (call $yield))
    (drop (call $fdstat (i32.const 1) (i32.const 64)))
    (drop (call $filestat (i32.const 0) (i32.const 64)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))
