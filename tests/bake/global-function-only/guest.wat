;; A function in a global is asked for even where there is no table.
(module
  (global (export "g") (mut funcref) (ref.null func))
  (func $f (result i32) (i32.const 5))
  (elem declare func $f)
  (func (export "wizer-initialize") (global.set 0 (ref.func $f))))
