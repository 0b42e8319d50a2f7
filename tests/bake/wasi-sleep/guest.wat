;; Time moves by what is slept, so a sleep ends at once; the user is told.
;; allow-wasi
;; timeout: 5
;; expect: events() => i32 1
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 24) "\00\00\00\00\ff\ff\ff\0f")
  (func (export "events") (result i32) (i32.load (i32.const 200)))
  (func (export "wizer-initialize")
    (if (call $poll (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200)) (then unreachable))))
