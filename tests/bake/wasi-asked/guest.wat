;; What init reads of the build machine is said: here there is nothing, which each instance sees as well.
;; allow-wasi
;; warning: init read the environment, which was empty, in `wizer-initialize`: each instance sees what init kept of it
;; warning: init read its arguments, and there were none, in `wizer-initialize`: each instance sees what init kept of that
;; warning: init asked for preopened directories, and there were none, in `wizer-initialize`: each instance sees what init kept of that
;; warning: init read standard input, which was at its end, in `wizer-initialize`: each instance sees what init kept of that
;; warning: init closed what every instance has open: `standard error`
;; expect: answers() => i32 0, i32 0, i32 8, i32 0, i32 0
(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "wizer-initialize")
    (i32.store (i32.const 0) (call $environ_sizes (i32.const 32) (i32.const 36)))
    (i32.store (i32.const 4) (call $args (i32.const 32) (i32.const 36)))
    (i32.store (i32.const 8) (call $prestat (i32.const 3) (i32.const 32)))
    (i32.store (i32.const 12) (call $read (i32.const 0) (i32.const 40) (i32.const 1) (i32.const 48)))
    (i32.store (i32.const 16) (call $close (i32.const 2))))
  (func (export "answers") (result i32 i32 i32 i32 i32)
    (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.load (i32.const 8)) (i32.load (i32.const 12))
    (i32.load (i32.const 16))))
