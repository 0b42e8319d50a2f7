;; A table of 64-bit indices for an import of 32.
(component
  (core module $owner (table (export "table") i64 1 funcref))
  (core module $guest
    (import "owner" "table" (table 1 funcref))
    (func (export "init")))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
