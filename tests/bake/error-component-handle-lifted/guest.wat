;; The init function is a built-in function that makes a handle: no instance imports it.
;; init: mk(3)
(component
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core func $rep (canon resource.rep $r))
  (core module $M (func (export "n") (result i32) i32.const 1))
  (core instance $m (instantiate $M))
  (func (export "n") (result u32) (canon lift (core func $m "n")))
  (func (export "mk") (param "x" u32) (result u32) (canon lift (core func $new)))
  (func (export "rep") (param "x" u32) (result u32) (canon lift (core func $rep)))
)
