;; Imports of a module and of a component, one of them in an instance. Nothing instantiates them.
(component
  (import "m" (core module))
  (import "i" (instance (export "c" (component))))
  (core module $guest (func (export "init")))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
