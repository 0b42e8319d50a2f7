;; The same in a start function without a name, beside another that is not called.
(module
  (tag)
  (func try nop catch_all end)
  (func try nop catch 0 end)
  (start 1)
  (func (export "wizer.initialize")))
