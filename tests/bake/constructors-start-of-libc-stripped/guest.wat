;; `_start` as wasi-libc has it, stripped: what it calls first are the constructors, which have run once by then, before init.
;; init: init
;; expect: _start() =>
;; expect: get() => i32 111
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
  (global (mut i32) (i32.const 0))
  (func  (call 2))
  (func  (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func  (result i32) (global.set 0 (i32.add (global.get 0) (i32.const 100))) (i32.const 0))
  (func )
  (func (export "_start") (local i32)
    (call 1)
    (local.set 0 (call 3))
    (call 4)
    (if (local.get 0) (then (call 0 (local.get 0)) unreachable)))
  (func (export "init") (global.set 0 (i32.add (global.get 0) (i32.const 10))))
  (func (export "get") (result i32) (global.get 0)))
