;; A function of WASI that nobody knows is like any import: it must not be called.
;; allow-wasi
;; expect: nothing() => 
(module
  (import "wasi_snapshot_preview1" "of_the_future" (func (param i32)))
  (func (export "nothing"))
  (func (export "wizer-initialize")))
