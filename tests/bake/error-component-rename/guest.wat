;; Renames of what is not there, and of two exports to one name.
;; init: init
;; rename: a=missing
;; rename: b=get
;; rename: b=get-too
(component
  (core module $guest
    (func (export "init"))
    (func (export "get")))
  (core instance $guest (instantiate $guest))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "get-too") (canon lift (core func $guest "get")))
  (func (export "get") (canon lift (core func $guest "get"))))
