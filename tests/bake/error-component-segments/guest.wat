;; Segments that are copied to a memory and to a table of another instance, which that changes.
(component
  (core module $owner
    (memory (export "memory") 1)
    (table (export "table") 1 funcref)
    (func (export "clear") (table.set (i32.const 0) (ref.null func))))
  (core module $guest
    (import "owner" "memory" (memory 1))
    (import "owner" "table" (table 1 funcref))
    (data (i32.const 8) "x")
    (elem (i32.const 0) func $init)
    (func $init (export "init")))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
