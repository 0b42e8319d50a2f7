;; A start function has run, and does not run again. It can still be called.
;; call: start()
(module
  (global (export "runs") (mut i32) (i32.const 0))
  (func $start (export "start") (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (start $start)
  (func (export "wizer-initialize")))
