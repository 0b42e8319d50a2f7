;; A component that a host could instantiate once more.
(component
  (component $c
    (core module $guest
      (global $n (mut i32) (i32.const 1))
      (func (export "init") (global.set $n (i32.const 5))))
    (core instance $guest (instantiate $guest))
    (func (export "init") (canon lift (core func $guest "init"))))
  (instance $c (instantiate $c))
  (export "component" (component $c))
  (export "wizer-initialize" (func $c "init")))
