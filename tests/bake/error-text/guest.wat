(module
  (func (export "wizer-initialize") (i32.cost 1)))
