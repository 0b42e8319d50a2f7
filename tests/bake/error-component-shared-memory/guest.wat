;; A memory that threads share, in an instance that is named.
(component
  (core module $guest (memory 1 1 shared) (func (export "init")))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
