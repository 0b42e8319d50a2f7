(module
  (memory 1)
  (data (i32.const 65536) "a")
  (func (export "wizer-initialize")))
