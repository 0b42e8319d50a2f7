(module
  (type $f (func))
  (func (export "f"))
  (func (export "r") (result (ref null $f)) (ref.null $f)))
