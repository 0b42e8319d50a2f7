;; Components that the host provides, and that go back to it: one by itself, one in an instance of the host's.
(component
  (import "c" (component $c))
  (import "i" (instance $i (export "c" (component))))
  (core module $guest (func (export "init")))
  (core instance $guest (instantiate $guest))
  (export "d" (component $c))
  (export "j" (instance $i))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
