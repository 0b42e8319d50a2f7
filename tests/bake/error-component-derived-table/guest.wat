;; A table whose segment is placed as a global of another instance says, and a segment with an item that is one.
(component
  (core module $owner
    (global (export "base") i32 (i32.const 1))
    (global (export "number") i31ref (ref.i31 (i32.const 5))))
  (core module $guest
    (import "owner" "base" (global $base i32))
    (import "owner" "number" (global $number i31ref))
    (table $t 3 funcref)
    (table $numbers 1 i31ref)
    (elem (table $t) (global.get $base) func $init)
    (elem $passive i31ref (item (global.get $number)))
    (func $init (export "init") (table.init $numbers $passive (i32.const 0) (i32.const 0) (i32.const 1))))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
