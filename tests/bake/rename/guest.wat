;; One export takes another's name.
;; rename: _start=resume
;; call: _start()
(module
  (global (export "g") (mut i32) (i32.const 0))
  (func (export "_start") (global.set 0 (i32.const 1)))
  (func (export "resume") (global.set 0 (i32.const 2)))
  (func (export "wizer-initialize")))
