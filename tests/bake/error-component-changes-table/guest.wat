;; An instance that changes a table of objects of another.
(component
  (core module $owner (table (export "table") 1 anyref))
  (core module $guest
    (import "owner" "table" (table 1 anyref))
    (func (export "init") (table.set 0 (i32.const 0) (ref.i31 (i32.const 7)))))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
