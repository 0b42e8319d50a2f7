;; A segment of objects that is copied to a table of another instance.
(component
  (core module $owner
    (table (export "table") 1 anyref))
  (core module $guest
    (import "owner" "table" (table 1 anyref))
    (elem (i32.const 0) anyref (ref.i31 (i32.const 7)))
    (func (export "init")))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
