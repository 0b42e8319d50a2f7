;; Functions with exports that nothing names, which an instance puts into slots that do not follow one another: with a gap, in two
;; tables, and of two instances.
;; init: init
;; call: a(0, 0) a(0, 2) a(1, 3) b(0, 4)
(component
  (core module $owner
    (table $first (export "first") 5 funcref)
    (table $second (export "second") 5 funcref)
    (func (export "get") (param i32 i32) (result i32)
      (if (result i32) (local.get 0)
        (then (call_indirect $second (result i32) (local.get 1)))
        (else (call_indirect $first (result i32) (local.get 1))))))
  (core module $guest
    (import "a" "first" (table $a 1 funcref))
    (import "a" "second" (table $a-second 1 funcref))
    (import "b" "first" (table $b 1 funcref))
    (global $done (mut i32) (i32.const 0))
    (func $one (export "one") (result i32) (i32.const 1))
    (func $two (export "two") (result i32) (i32.const 2))
    (func (export "init")
      (global.set $done (i32.const 1))
      (table.set $a (i32.const 0) (ref.func $one))
      (table.set $a (i32.const 2) (ref.func $two))
      (table.set $a-second (i32.const 3) (ref.func $one))
      (table.set $b (i32.const 4) (ref.func $two))))
  (core instance $a (instantiate $owner))
  (core instance $b (instantiate $owner))
  (core instance $guest (instantiate $guest (with "a" (instance $a)) (with "b" (instance $b))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "a") (param "table" u32) (param "n" u32) (result u32) (canon lift (core func $a "get")))
  (func (export "b") (param "table" u32) (param "n" u32) (result u32) (canon lift (core func $b "get"))))
