;; Exports that the host provides itself: a function, one in an instance, and an instance with one. An instance with types alone is
;; no obstacle.
(component
  (import "f" (func $f))
  (import "i" (instance $i (export "f" (func))))
  (import "types" (instance $types (export "t" (type (sub resource)))))
  (instance $inner (export "f" (func $f)))
  (instance $outer (export "inner" (instance $inner)))
  (export "wizer-initialize" (func $f))
  (export "outer" (instance $outer))
  (export "j" (instance $i))
  (export "u" (instance $types)))
