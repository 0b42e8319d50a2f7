;; A nested component that is instantiated twice. In each, an instance puts a function of its own into a table of another one; in
;; the first it was told to choose the other function. The tables are of 64 bits.
;; init: choose-a(1) choose-b(0)
;; keep-init
;; call: get-a() get-b() choose-b(1) get-b()
(component
  (component $c
    (core module $owner
      (table (export "table") i64 3 funcref)
      (func (export "get") (result i32) (call_indirect (result i32) (i64.const 2))))
    (core module $guest
      (import "owner" "table" (table i64 1 funcref))
      (elem declare func $zero $one)
      (func $zero (result i32) (i32.const 10))
      (func $one (result i32) (i32.const 11))
      (func (export "choose") (param i32)
        (table.set (i64.const 2) (select (result funcref) (ref.func $one) (ref.func $zero) (local.get 0)))))
    (core instance $owner (instantiate $owner))
    (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
    (func (export "choose") (param "n" u32) (canon lift (core func $guest "choose")))
    (func (export "get") (result u32) (canon lift (core func $owner "get"))))
  (instance $a (instantiate $c))
  (instance $b (instantiate $c))
  (export "choose-a" (func $a "choose"))
  (export "choose-b" (func $b "choose"))
  (export "get-a" (func $a "get"))
  (export "get-b" (func $b "get")))
