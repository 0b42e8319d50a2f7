;; Init calls what the engine does not take.
(module
  (tag $t)
  (func $protect try nop catch $t end)
  (func $setup (call $protect))
  (func (export "wizer.initialize") (call $setup)))
