(module
  (func $start unreachable)
  (start $start)
  (func (export "wizer-initialize")))
