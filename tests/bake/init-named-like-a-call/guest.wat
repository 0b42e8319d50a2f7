;; A name that looks like a call is a name if something is exported by it.
;; init: init(1)
;; answer: get() => i32 2
(module
  (global $g (mut i32) (i32.const 0))
  (func (export "init(1)") (global.set $g (i32.const 2)))
  (func (export "init") (param i32) (global.set $g (local.get 0)))
  (func (export "get") (result i32) (global.get $g)))
