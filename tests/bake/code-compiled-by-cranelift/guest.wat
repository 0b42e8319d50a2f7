;; What Winch would take, compiled by Cranelift.
;; compiler: cranelift
;; call: get()
(module
  (global $g (mut i64) (i64.const 0))
  (func (export "wizer-initialize") (global.set $g (i64.mul (i64.const 6) (i64.const 7))))
  (func (export "get") (result i64) (global.get $g)))
