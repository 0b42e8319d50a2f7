;; A resource that is alive after init.
(component
  (type $resource (resource (rep i32)))
  (core func $new (canon resource.new $resource))
  (core module $guest
    (import "" "new" (func $new (param i32) (result i32)))
    (global $handle (mut i32) (i32.const 0))
    (func (export "init") (global.set $handle (call $new (i32.const 9)))))
  (core instance $guest (instantiate $guest (with "" (instance (export "new" (func $new))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
