;; A type in a recursion group is another than the same type alone.
;; remove-dead-code
;; call: go() test()
;; walrus: walrus cannot keep recursion groups
(module
  (rec (type $a (func)) (type $s (struct)))
  (type $b (func))
  (table 1 funcref)
  (elem (i32.const 0) func $f)
  (func $f (type $a))
  (func (export "wizer-initialize"))
  (func (export "go") (call_indirect (type $b) (i32.const 0)))
  (func (export "test") (result i32) (ref.test (ref $b) (ref.func $f))))
