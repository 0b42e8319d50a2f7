;; A name that no component can have.
;; init: init
;; rename: Not_A_Name=get
(component
  (core module $guest
    (func (export "init"))
    (func (export "get")))
  (core instance $guest (instantiate $guest))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "get") (canon lift (core func $guest "get"))))
