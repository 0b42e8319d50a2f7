;; The linker does not wrap an import that is exported, so that says nothing of the others.
;; init: init
(module
  (import "host" "log" (func (param i32)))
  (export "log" (func 0))
  (global (mut i32) (i32.const 0))
  (func (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func)
  (func (global.set 0 (i32.add (global.get 0) (i32.const 10))))
  (func (export "init") (call 1) (call 3) (call 2))
  (func (result i32) (global.get 0))
  (func (export "get") (result i32) (call 1) (call 5) (call 2)))
