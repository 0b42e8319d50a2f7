;; The export stays, and runs init once more.
;; keep-init
;; call: wizer-initialize()
(module
  (global (export "runs") (mut i32) (i32.const 0))
  (func (export "wizer-initialize") (global.set 0 (i32.add (global.get 0) (i32.const 1)))))
