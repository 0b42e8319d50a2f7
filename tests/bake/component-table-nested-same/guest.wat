;; Two instances of a component whose modules are the same after init, and which differ in the function that is in a table.
;; init: choose-a(1) choose-b(0)
;; call: get-a() get-b() zero() one()
(component
  (component $c
    (core module $owner
      (table (export "table") 3 funcref)
      (func (export "get") (result i32) (call_indirect (result i32) (i32.const 2))))
    (core module $guest
      (import "owner" "table" (table 1 funcref))
      (func $zero (export "zero") (result i32) (i32.const 10))
      (func $one (export "one") (result i32) (i32.const 11))
      (func (export "choose") (param i32)
        (table.set (i32.const 2) (select (result funcref) (ref.func $one) (ref.func $zero) (local.get 0)))))
    (core instance $owner (instantiate $owner))
    (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
    (func (export "choose") (param "n" u32) (canon lift (core func $guest "choose")))
    (func (export "zero") (result u32) (canon lift (core func $guest "zero")))
    (func (export "one") (result u32) (canon lift (core func $guest "one")))
    (func (export "get") (result u32) (canon lift (core func $owner "get"))))
  (instance $a (instantiate $c))
  (instance $b (instantiate $c))
  (export "choose-a" (func $a "choose"))
  (export "choose-b" (func $b "choose"))
  (export "get-a" (func $a "get"))
  (export "get-b" (func $b "get"))
  (export "zero" (func $a "zero"))
  (export "one" (func $b "one")))
