;; The clean-up behind the init function would still run.
;; init: init
;; keep-init: empty
(component
  (core module $guest
    (global $state (mut i32) (i32.const 0))
    (func (export "init") (global.set $state (i32.const 1)))
    (func (export "clean") (global.set $state (i32.add (global.get $state) (i32.const 100)))))
  (core instance $guest (instantiate $guest))
  (func (export "init") (canon lift (core func $guest "init") (post-return (func $guest "clean")))))
