;; A function of another instance in a global of one type, where no other module can put it.
;; init: init
(component
  (core module $a
    (type $t (func (result i32)))
    (global (export "typed") (mut (ref null $t)) (ref.null $t)))
  (core instance $a (instantiate $a))
  (core module $b
    (type $t (func (result i32)))
    (import "a" "typed" (global $typed (mut (ref null $t))))
    (elem declare func $f)
    (func $f (type $t) (i32.const 7))
    (func (export "init") (global.set $typed (ref.func $f))))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "init") (canon lift (core func $b "init"))))
