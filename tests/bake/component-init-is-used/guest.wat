;; The init function is also exported by another name, which stays.
;; init: init
;; call: get() again() get()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.add (global.get $n) (i32.const 5))))
    (func (export "get") (result i32) (global.get $n)))
  (core instance $guest (instantiate $guest))
  (func $init (canon lift (core func $guest "init")))
  (export $exported "init" (func $init))
  (export "again" (func $exported))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
