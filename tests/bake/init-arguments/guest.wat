;; Init functions take arguments, and what they return is no one's.
;; init: init(1,-2,2.5,null) other()
;; original: init(1,-2,2.5,null) other()
;; answer: get() => i32 -1
;; answer: seen() => i32 1
(module
  (global $g (mut i32) (i32.const 0))
  (global $seen (mut i32) (i32.const 0))
  (func (export "init") (param i32 i64 f64 funcref) (result i32 i32)
    (global.set $g (i32.add (local.get 0) (i32.wrap_i64 (local.get 1))))
    (if (f64.ne (local.get 2) (f64.const 2.5)) (then unreachable))
    (if (i32.eqz (ref.is_null (local.get 3))) (then unreachable))
    (i32.const 1) (i32.const 2))
  (func (export "other") (result i64) (global.set $seen (i32.const 1)) (i64.const 5))
  (func (export "get") (result i32) (global.get $g))
  (func (export "seen") (result i32) (global.get $seen)))
