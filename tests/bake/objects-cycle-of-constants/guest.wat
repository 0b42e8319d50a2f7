;; The edge that closes the cycle cannot be null, but another one on it can.
;; call: get()
;; walrus: walrus cannot keep recursion groups
(module
  (rec
    (type $a (struct (field (mut (ref null $b)))))
    (type $b (struct (field (ref $a)) (field i32))))
  (global $b (export "b") (mut (ref null $b)) (ref.null $b))
  (func (export "get") (result i32)
    (struct.get $b 1 (struct.get $a 0 (struct.get $b 0 (struct.get $a 0 (struct.get $b 0 (global.get $b)))))))
  (func (export "wizer-initialize")
    (local $a (ref $a))
    (local.set $a (struct.new $a (ref.null $b)))
    (global.set $b (struct.new $b (local.get $a) (i32.const 42)))
    (struct.set $a 0 (local.get $a) (global.get $b))))
