;; Nothing to run.
(component
  (core module $guest (func (export "get")))
  (core instance $guest (instantiate $guest))
  (func (export "get") (canon lift (core func $guest "get"))))
