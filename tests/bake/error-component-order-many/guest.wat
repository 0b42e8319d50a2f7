;; More than a thousand handles, of which the last ones are dropped in another order than the reverse.
;; init: init
(component
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core func $drop (canon resource.drop $r))
  (core module $M
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "init") (local i32)
      (loop $l (drop (call $new (i32.const 0))) (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if $l (i32.lt_u (local.get 0) (i32.const 1500))))
      (local.set 0 (i32.const 1001))
      (loop $l (call $drop (local.get 0)) (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if $l (i32.le_u (local.get 0) (i32.const 1500))))
      (local.set 0 (i32.const 1000))
      (loop $l (call $drop (local.get 0)) (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0)))
    )
    (func (export "many") (result i32) (local i32)
      (loop $l (drop (call $new (i32.const 0))) (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if $l (i32.lt_u (local.get 0) (i32.const 1000))))
      (call $new (i32.const 0)))
  )
  (core instance $m (instantiate $M (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "init") (canon lift (core func $m "init")))
  (func (export "many") (result u32) (canon lift (core func $m "many")))
)
