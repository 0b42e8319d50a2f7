;; rename: a=f
;; rename: b=f
(module (func (export "f")) (func (export "wizer-initialize")))
