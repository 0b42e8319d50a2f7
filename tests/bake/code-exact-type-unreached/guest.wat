;; Casts to exact types, which the engine does not have, in code that init does not reach.
;; for-v8
(module (type $s (struct))
 (func (export "dead") (param anyref) (result i32) (ref.test (ref (exact $s)) (local.get 0)))
 (func (export "wizer-initialize")))
