;; State that starts as a global of another instance says.
(component
  (core module $owner (global (export "base") i32 (i32.const 16)))
  (core module $guest
    (import "owner" "base" (global $base i32))
    (memory 1)
    (global $n (mut i32) (global.get $base))
    (data (global.get $base) "x")
    (func (export "init") (global.set $n (i32.const 5))))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
