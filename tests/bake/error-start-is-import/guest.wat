(module
  (import "env" "start" (func $start))
  (start $start)
  (func (export "wizer-initialize")))
