;; Exact types name others in code that the engine does not take, and these have other numbers once dead types are gone.
;; init: init
;; for-v8
;; remove-dead-code
(module
  (type $dead (func (param f32)))
  (type $f (func))
  (type $t (func (param i32)))
  (func $gone (type $dead))
  (func $x (type $t))
  (elem declare func $x)
  (func (export "init"))
  (func (export "run") (param i32) (local (ref null (exact $t)))
    (drop (ref.cast (ref (exact $t)) (ref.func $x)))
    (block (result (ref null (exact $t))) (ref.func $x))
    drop
    (drop (select (result (ref (exact $t))) (ref.func $x) (ref.func $x) (local.get 0)))))
