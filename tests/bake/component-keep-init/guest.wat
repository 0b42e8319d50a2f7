;; A component whose init function stays exported: the component around the modules is the same, byte by byte.
;; keep-init
;; call: get() wizer-initialize() get()
(component
  (core module $guest
    (global $calls (mut i32) (i32.const 1))
    (func (export "init") (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
    (func (export "get") (result i32) (global.get $calls)))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
