;; A module that imports nothing of WASI's is as without the option, and code that is kept keeps its place.
;; stub: wasi_snapshot_preview1.*
;; call: get()
(module
  (import "env" "a" (func))
  (global $kept (mut i32) (i32.const 0))
  (func (export "wizer-initialize") (global.set $kept (i32.const 7)))
  (func $unused)
  (func (export "get") (result i32) (global.get $kept)))
