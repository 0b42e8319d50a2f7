;; A module of segments alone, as the fix-up of a linker, for a table of another instance, which init changes.
;; init: init
;; call: get(0) get(1)
(component
  (core module $owner
    (table (export "table") 2 funcref)
    (func $two (result i32) (i32.const 2))
    (elem declare func $two)
    (func (export "init") (table.set (i32.const 0) (ref.func $two)))
    (func (export "one") (result i32) (i32.const 1))
    (func (export "get") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
  (core module $fixup
    (import "owner" "table" (table 2 funcref))
    (import "owner" "one" (func $one (result i32)))
    (elem (i32.const 0) func $one $one))
  (core instance $owner (instantiate $owner))
  (core instance (instantiate $fixup (with "owner" (instance $owner))))
  (func (export "init") (canon lift (core func $owner "init")))
  (func (export "get") (param "n" u32) (result u32) (canon lift (core func $owner "get"))))
