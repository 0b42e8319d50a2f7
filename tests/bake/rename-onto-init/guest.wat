;; An export takes the name of the init function.
;; rename: wizer-initialize=other
;; call: wizer-initialize()
(module
  (global (export "g") (mut i32) (i32.const 0))
  (func (export "other") (global.set 0 (i32.const 2)))
  (func (export "wizer-initialize") (global.set 0 (i32.const 1))))
