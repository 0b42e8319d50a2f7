;; All renames read the names that the guest has.
;; rename: a=b b=a
;; call: a()
(module
  (global (export "g") (mut i32) (i32.const 0))
  (func (export "a") (global.set 0 (i32.const 1)))
  (func (export "b") (global.set 0 (i32.const 2)))
  (func (export "wizer-initialize")))
