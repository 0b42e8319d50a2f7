;; Init calls WASI, which is not allowed.
(component
  (import "wasi:random/random@0.2.0" (instance $random (export "get-random-u64" (func (result u64)))))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core module $guest
    (import "" "random" (func $random (result i64)))
    (func (export "init") (drop (call $random))))
  (core instance $guest (instantiate $guest (with "" (instance (export "random" (func $random))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
