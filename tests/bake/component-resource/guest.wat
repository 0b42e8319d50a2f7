;; A resource that init makes and drops: nothing is alive.
;; call: get()
(component
  (core module $destructor
    (global $dropped (mut i32) (i32.const 0))
    (func (export "drop") (param i32) (global.set $dropped (local.get 0)))
    (func (export "get") (result i32) (global.get $dropped)))
  (core instance $destructor (instantiate $destructor))
  (type $resource (resource (rep i32) (dtor (func $destructor "drop"))))
  (core func $new (canon resource.new $resource))
  (core func $drop (canon resource.drop $resource))
  (core module $guest
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "init") (call $drop (call $new (i32.const 9)))))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "new" (func $new))
    (export "drop" (func $drop))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "get") (result u32) (canon lift (core func $destructor "get"))))
