;; Init sees the variables that it is given, and no others.
;; env: A=1
;; env: B=two
;; warning: init read the environment (`A`, `B`), in `wizer-initialize`: each instance sees what init kept of it
;; warning: - 7 bytes of memory 0 (0x22) by `wizer-initialize`
;; expect: sizes() => i32 2, i32 10
;; expect: second() => i32 2004106562
(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "sizes") (result i32 i32) (i32.load (i32.const 0)) (i32.load (i32.const 4)))
  (func (export "second") (result i32) (i32.load (i32.const 36)))
  (func (export "wizer-initialize")
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $get (i32.const 8) (i32.const 32)))))
