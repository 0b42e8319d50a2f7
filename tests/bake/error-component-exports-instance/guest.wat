;; A module in an instance in an exported instance: a host could instantiate it once more.
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5))))
  (core instance $guest (instantiate $guest))
  (instance $inner (export "module" (core module $guest)))
  (instance $outer (export "inner" (instance $inner)))
  (export "outer" (instance $outer))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
