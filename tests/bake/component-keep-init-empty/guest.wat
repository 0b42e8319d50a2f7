;; The init function stays, in an exported instance and with an argument, and does nothing. Its own body is still called from inside.
;; init: test:guest/start#init(5)
;; keep-init: empty
;; call: test:guest/start#init(6)
;; call: get()
;; call: more()
;; call: get()
(component
  (core module $guest
    (global $state (mut i32) (i32.const 0))
    (func $init (export "init") (param i32) (global.set $state (i32.add (global.get $state) (local.get 0))))
    (func (export "more") (call $init (i32.const 100)))
    (func (export "get") (result i32) (global.get $state)))
  (core instance $guest (instantiate $guest))
  (func $init (param "n" u32) (canon lift (core func $guest "init")))
  (instance $start (export "init" (func $init)))
  (export "test:guest/start" (instance $start))
  (func (export "more") (canon lift (core func $guest "more")))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
