;; Functions of another instance where no other module can put them: in a table of one type, in an immutable structure, and a
;; function whose type is one of a recursion group.
;; init: init
(component
  (core module $a
    (type $t (func (result i32)))
    (type $s (struct (field funcref)))
    (table (export "typed") 2 (ref null $t))
    (table (export "any") 2 funcref)
    (global $s (mut (ref null $s)) (ref.null $s))
    (func (export "keep") (param funcref) (global.set $s (struct.new $s (local.get 0)))))
  (core instance $a (instantiate $a))
  (core module $b
    (type $t (func (result i32)))
    (rec (type $g (func)) (type $h (func (param (ref null $g)))))
    (import "a" "typed" (table $typed 1 (ref null $t)))
    (import "a" "any" (table $any 1 funcref))
    (import "a" "keep" (func $keep (param funcref)))
    (elem declare func $f $g)
    (func $f (type $t) (i32.const 7))
    (func $g (type $g))
    (func (export "init")
      (table.set $typed (i32.const 1) (ref.func $f))
      (table.set $any (i32.const 1) (ref.func $g))
      (call $keep (ref.func $f))))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "init") (canon lift (core func $b "init"))))
