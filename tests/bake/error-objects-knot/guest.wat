;; Two that hold each other in fields that can never be null.
(module
  (type $a (struct (field (mut (ref eq)))))
  (global $x (mut (ref null $a)) (ref.null $a))
  (func (export "wizer-initialize")
    (local $x (ref $a)) (local $y (ref $a))
    (local.set $x (struct.new $a (ref.i31 (i32.const 0))))
    (local.set $y (struct.new $a (local.get $x)))
    (struct.set $a 0 (local.get $x) (local.get $y))
    (global.set $x (local.get $x))))
