;; The function that is called is exported under two names, each by itself: one goes, the other stays.
;; init: init
;; call: again() get()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.add (global.get $n) (i32.const 5))))
    (func (export "get") (result i32) (global.get $n)))
  (core instance $guest (instantiate $guest))
  (func $init (canon lift (core func $guest "init")))
  (func $get (result u32) (canon lift (core func $guest "get")))
  (export "init" (func $init))
  (export "again" (func $init))
  (export "get" (func $get)))
