;; The function that makes room for the argument would still run.
;; init: init("abc")
;; keep-init: empty
(component
  (core module $guest
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $top)
      (global.set $top (i32.add (global.get $top) (local.get 3))))
    (func (export "init") (param i32 i32)))
  (core instance $guest (instantiate $guest))
  (func (export "init") (param "s" string) (canon lift (core func $guest "init") (memory $guest "memory") (realloc (func $guest "realloc")))))
