;; The start function has run, so `_start` is the host's to call.
;; call: _start()
(module
  (global (export "g") (mut i32) (i32.const 0))
  (func $start (global.set 0 (i32.const 5)))
  (start $start)
  (func (export "_start") (global.set 0 (i32.mul (global.get 0) (i32.const 2))))
  (func (export "wizer-initialize") (global.set 0 (i32.add (global.get 0) (i32.const 1)))))
