;; An empty function cannot return the reference that init returned.
;; init: run
;; keep-init: empty
(module (func (export "run") (result funcref) (ref.null func)))
