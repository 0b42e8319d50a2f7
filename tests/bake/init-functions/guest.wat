;; Several init functions run in the order in which they are named, and their exports go.
;; init: b a
(module
  (global (export "log") (mut i32) (i32.const 0))
  (func $log (param i32)
    (global.set 0 (i32.add (i32.mul (global.get 0) (i32.const 10)) (local.get 0))))
  (func (export "a") (call $log (i32.const 1)))
  (func (export "b") (call $log (i32.const 2)))
  (func (export "wizer-initialize") (call $log (i32.const 3))))
