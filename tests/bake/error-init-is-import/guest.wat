(module
  (func (export "wizer-initialize") (import "env" "f")))
