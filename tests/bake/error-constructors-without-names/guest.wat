;; Every export may be a wrapper that runs constructors and destructors, and no name tells whether it is. Taken for one wrongly, calls would go;
;; not taken for one wrongly, they would run again.
;; init: init
(module
  (global (mut i32) (i32.const 0))
  (func (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func)
  (func (global.set 0 (i32.add (global.get 0) (i32.const 10))))
  (func (export "init") (call 0) (call 2) (call 1))
  (func (result i32) (global.get 0))
  (func (export "get") (result i32) (call 0) (call 4) (call 1)))
