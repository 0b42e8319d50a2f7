;; An init function of an exported instance, with arguments in WAVE. It stays, since hosts bind the instance as a whole.
;; init: test:shop/prices#load("héllo",3)
;; call: test:shop/prices#get()
;; warning: `test:shop/prices#load("héllo",3)` stays exported, since hosts bind an exported instance as a whole, or another export needs its type
(component
  (core module $guest
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 1024))
    (global $len (mut i32) (i32.const 0))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $top)
      (global.set $top (i32.add (global.get $top) (local.get 3))))
    (func (export "load") (param i32 i32 i32)
      (global.set $len (i32.mul (local.get 1) (local.get 2))))
    (func (export "get") (result i32) (global.get $len)))
  (core instance $guest (instantiate $guest))
  (func $load (param "text" string) (param "times" u32)
    (canon lift (core func $guest "load") (memory $guest "memory") (realloc (func $guest "realloc"))))
  (func $get (result u32) (canon lift (core func $guest "get")))
  (instance (export "test:shop/prices")
    (export "load" (func $load))
    (export "get" (func $get))))
