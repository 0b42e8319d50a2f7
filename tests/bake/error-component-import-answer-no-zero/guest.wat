;; An import that cannot answer with zero, since it returns a handle.
;; init: init
;; import: test:shop/till.open=zero
(component
  (import "test:shop/till" (instance $till
    (export "till" (type $t (sub resource)))
    (export "open" (func (result (own $t))))))
  (core func $open (canon lower (func $till "open")))
  (core module $guest
    (import "" "open" (func $open (result i32)))
    (func (export "init") (drop (call $open))))
  (core instance $guest (instantiate $guest (with "" (instance (export "open" (func $open))))))
  (func (export "init") (canon lift (core func $guest "init"))))
