;; A handle that is alive in a component whose first instance is one of the linker's: the other one is named.
;; init: init
(component
  (component $inner
    (type $r (resource (rep i32)))
    (core func $new (canon resource.new $r))
    (core module $shim (@name "wit-component:shim") (table (export "$imports") 1 funcref))
    (core module $guest
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "init") (drop (call $new (i32.const 7)))))
    (core instance $shim (instantiate $shim))
    (core instance $guest (instantiate $guest (with "" (instance (export "new" (func $new))))))
    (func (export "init") (canon lift (core func $guest "init"))))
  (instance $inner (instantiate $inner))
  (export "init" (func $inner "init")))
