;; An instance that changes a table of another.
(component
  (core module $owner (table (export "table") 1 funcref))
  (core module $guest
    (import "owner" "table" (table 1 funcref))
    (elem declare func $f)
    (func $f)
    (func (export "init") (table.set 0 (i32.const 0) (ref.func $f))))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
