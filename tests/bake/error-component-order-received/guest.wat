;; A component that receives handles from another one, and drops them in another order than the reverse.
;; init: init
(component
  (component $P
    (type $r (resource (rep i32)))
    (core func $new (canon resource.new $r))
    (export $re "r" (type $r))
    (func (export "mk") (param "x" u32) (result (own $re)) (canon lift (core func $new)))
  )
  (component $Q
    (import "p" (instance $p (export "r" (type $r (sub resource)))
      (export "mk" (func (param "x" u32) (result (own $r))))))
    (alias export $p "r" (type $r))
    (core func $mk (canon lower (func $p "mk")))
    (core func $drop (canon resource.drop $r))
    (core module $M
      (import "" "mk" (func $mk (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "init") (local i32 i32)
        (local.set 0 (call $mk (i32.const 0)))
        (local.set 1 (call $mk (i32.const 0)))
        (call $drop (local.get 0))
        (call $drop (local.get 1)))
      (func (export "run") (result i32) (call $mk (i32.const 0))))
    (core instance $m (instantiate $M (with "" (instance (export "mk" (func $mk)) (export "drop" (func $drop))))))
    (func (export "init") (canon lift (core func $m "init")))
    (func (export "run") (result u32) (canon lift (core func $m "run")))
  )
  (instance $p (instantiate $P))
  (instance $q (instantiate $Q (with "p" (instance $p))))
  (export "init" (func $q "init"))
  (export "run" (func $q "run"))
)
