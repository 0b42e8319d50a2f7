;; The init function is lifted twice, so an empty one cannot take its place.
;; init: init
;; keep-init: empty
(component
  (core module $guest
    (global $state (mut i32) (i32.const 0))
    (func (export "init") (global.set $state (i32.const 5))))
  (core instance $guest (instantiate $guest))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "reset") (canon lift (core func $guest "init"))))
