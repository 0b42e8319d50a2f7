;; A module that the host provides.
(component
  (import "module" (core module $guest (export "init" (func))))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
