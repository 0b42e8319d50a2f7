;; An init function that traps.
(component
  (core module $guest (func $inner unreachable) (func (export "init") (call $inner)))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
