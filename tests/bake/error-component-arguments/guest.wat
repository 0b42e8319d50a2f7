;; Arguments that the init function does not take.
;; init: load("a",true)
(component
  (core module $guest (func (export "load") (param i32 i32)))
  (core instance $guest (instantiate $guest))
  (func (export "load") (param "a" u32) (param "b" u32) (canon lift (core func $guest "load"))))
