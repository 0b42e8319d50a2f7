;; A function with parameters, which an instance puts into a table of another one. The name that its export would have is taken.
;; init: init
;; call: get(3) other()
(component
  (core module $owner
    (table (export "table") 1 funcref)
    (func (export "get") (param i32) (result i32)
      (call_indirect (param i32 i64) (result i32) (local.get 0) (i64.const 40) (i32.const 0))))
  (core module $guest
    (import "owner" "table" (table 1 funcref))
    (elem declare func $add)
    (func $add (param i32 i64) (result i32) (i32.add (local.get 0) (i32.wrap_i64 (local.get 1))))
    (func (export "fixup-function-0") (result i32) (i32.const 1))
    (func (export "init") (table.set (i32.const 0) (ref.func $add))))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "get") (param "n" u32) (result u32) (canon lift (core func $owner "get")))
  (func (export "other") (result u32) (canon lift (core func $guest "fixup-function-0"))))
