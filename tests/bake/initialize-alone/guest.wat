;; `_initialize` and no init: it is the init, and stays exported.
;; answer: get() => i32 1
(module
  (global $started (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $started (i32.add (global.get $started) (i32.const 1))))
  (func (export "get") (result i32) (global.get $started)))
