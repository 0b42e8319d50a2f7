;; An init function of an exported instance, and an export of the component itself of the same name: both stay.
;; init: test:shop/prices#load(3)
;; call: load() get()
;; warning: `test:shop/prices#load(3)` stays exported, since hosts bind an exported instance as a whole, or another export needs its type
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "load") (param i32) (global.set $n (local.get 0)))
    (func (export "get") (result i32) (global.get $n)))
  (core instance $guest (instantiate $guest))
  (func $load (param "n" u32) (canon lift (core func $guest "load")))
  (func $get (result u32) (canon lift (core func $guest "get")))
  (instance $prices (export "load" (func $load)))
  (export "test:shop/prices" (instance $prices))
  (export "load" (func $get))
  (export "get" (func $get)))
