;; Start functions have run when the component is instantiated, so the output has none. There is no other init.
;; call: get()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "initialize") (global.set $n (i32.add (global.get $n) (i32.const 5))))
    (func (export "get") (result i32) (global.get $n)))
  (core module $starter
    (import "" "initialize" (func $initialize))
    (start $initialize))
  (core instance $guest (instantiate $guest))
  (core instance (instantiate $starter (with "" (instance $guest))))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
