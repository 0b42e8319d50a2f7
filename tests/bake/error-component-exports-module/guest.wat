;; A module that a host could instantiate once more.
(component
  (core module $guest (export "module")
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5))))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
