;; A start function and no init: it is the init.
;; answer: get() => i32 100
(module
  (memory (export "memory") 1)
  (global $started (mut i32) (i32.const 0))
  (func $start (global.set $started (i32.const 1)) (i32.store (i32.const 0) (i32.const 99)))
  (start $start)
  (func (export "get") (result i32) (i32.add (global.get $started) (i32.load (i32.const 0)))))
