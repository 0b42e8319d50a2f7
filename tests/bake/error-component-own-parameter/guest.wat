;; An init function that takes a handle.
;; init: init(1)
(component
  (import "test:shop/till" (instance $till (export "till" (type (sub resource)))))
  (alias export $till "till" (type $t))
  (core module $guest (func (export "init") (param i32)))
  (core instance $guest (instantiate $guest))
  (func (export "init") (param "till" (own $t)) (canon lift (core func $guest "init"))))
