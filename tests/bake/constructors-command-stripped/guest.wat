;; Without names nobody can tell wrappers from other functions: they stay as they are, and the user is warned.
;; init: init
;; warning: every export first calls the same function, as in a module whose constructors run on each call; without a name section nobody can tell, so they will run again in the baked module
;; call: get() get()
(module
  (global (mut i32) (i32.const 0))
  (func (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func)
  (func (global.set 0 (i32.add (global.get 0) (i32.const 10))))
  (func (export "init") (call 0) (call 2) (call 1))
  (func (result i32) (global.get 0))
  (func (export "get") (result i32) (call 0) (call 4) (call 1)))
