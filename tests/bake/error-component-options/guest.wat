;; Options that are for core modules only.
;; rename: a=get
;; keep-init: empty
(component
  (core module $guest
    (func (export "init"))
    (func (export "get")))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "get") (canon lift (core func $guest "get"))))
