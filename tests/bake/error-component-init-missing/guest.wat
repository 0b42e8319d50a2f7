;; The function of an exported instance does not exist, but one is close.
;; init: test:shop/prices#lod
(component
  (core module $guest (func (export "init")))
  (core instance $guest (instantiate $guest))
  (func $load (canon lift (core func $guest "init")))
  (instance $prices (export "load" (func $load)))
  (export "test:shop/prices" (instance $prices)))
