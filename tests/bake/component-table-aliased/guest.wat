;; A table and a global of another instance, behind others in the component's index spaces, with functions that another one puts there.
;; init: init
;; call: get() held() call-other()
(component
  (core module $owner
    (table (export "other") 1 funcref)
    (table $t (export "table") 1 funcref)
    (global (export "other-global") (mut funcref) (ref.null func))
    (global $g (export "global") (mut funcref) (ref.null func))
    (table $call 1 funcref)
    (func (export "get") (result i32) (call_indirect $t (result i32) (i32.const 0)))
    (func (export "held") (result i32)
      (table.set $call (i32.const 0) (global.get $g))
      (call_indirect $call (result i32) (i32.const 0))))
  (core module $guest
    (import "" "other" (table $other 1 funcref))
    (import "" "table" (table $t 1 funcref))
    (import "" "other-global" (global (mut funcref)))
    (import "" "global" (global $g (mut funcref)))
    (elem declare func $one $two)
    (func $one (result i32) (i32.const 1))
    (func $two (result i32) (i32.const 2))
    (func (export "init") (table.set $t (i32.const 0) (ref.func $one)) (global.set $g (ref.func $two)))
    (func (export "other") (result i32) (ref.is_null (table.get $other (i32.const 0)))))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "other" (table $owner "other"))
    (export "other-global" (global $owner "other-global"))
    (export "table" (table $owner "table"))
    (export "global" (global $owner "global"))))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "get") (result u32) (canon lift (core func $owner "get")))
  (func (export "held") (result u32) (canon lift (core func $owner "held")))
  (func (export "call-other") (result u32) (canon lift (core func $guest "other"))))
