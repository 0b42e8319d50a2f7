;; Where a name section stops to make sense, nobody reads it further: what is behind may be anything.
;; init: init
;; remove-dead-code
(module
  (func $gone)
  (func (export "init"))
  (func (export "run"))
  (@custom "name" "\02m0\01\02"))
