;; The host may give a function of the subtype, and then the test says otherwise.
(module
  (type $s (sub (func)))
  (type $t (sub $s (func)))
  (import "m" "i" (func $i (type $s)))
  (global (mut i32) (i32.const 0))
  (elem declare func $i)
  (func (export "wizer-initialize") (global.set 0 (ref.test (ref $t) (ref.func $i)))))
