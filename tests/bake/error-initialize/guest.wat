(module
  (func $initialize (export "_initialize") unreachable)
  (func (export "wizer-initialize")))
