;; For hosts that call init by its name: the exports stay, and do nothing but return what init returned.
;; init: init(7) status
;; keep-init: empty
;; original: init(7) status
;; answer: get() => i32 7
;; expect: init(9) => i64 -3, i32 5
;; expect: status() => i32 0
;; expect: get() => i32 7
(module
  (global $g (mut i32) (i32.const 0))
  (func (export "init") (param i32) (result i64 i32)
    (global.set $g (i32.add (global.get $g) (local.get 0)))
    (i64.const -3) (i32.const 5))
  (func (export "status") (result i32) (i32.const 0))
  (func (export "get") (result i32) (global.get $g)))
