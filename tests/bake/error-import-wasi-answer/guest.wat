;; Functions that are to be WASI's, and cannot be.
;; import: a.b=wasi:fd_wrote
;; import: a.c=wasi:fd_write
;; import: a.d=wasi:random_get
;; import: a.e=wasi:random_get
(module
  (type $open (sub (func (param i32 i32) (result i32))))
  (rec (type $grouped (func (param i32 i32) (result i32))) (type $other (func)))
  (import "a" "b" (func (param i32 i32 i32 i32) (result i32)))
  (import "a" "c" (func (param i32 i64) (result i32)))
  (import "a" "d" (func (type $open)))
  (import "a" "e" (func (type $grouped)))
  (func (export "wizer-initialize")))
