;; An argument that is not of the parameter's type.
;; init: run(1.5)
(module (func (export "run") (param i32)))
