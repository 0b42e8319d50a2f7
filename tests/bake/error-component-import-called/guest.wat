;; Init calls an import that does not exist at build time.
(component
  (import "test:shop/prices@1.0.0" (instance $prices (export "lookup" (func (param "n" u32) (result u32)))))
  (core func $lookup (canon lower (func $prices "lookup")))
  (core module $guest
    (import "" "lookup" (func $lookup (param i32) (result i32)))
    (func (export "init") (drop (call $lookup (i32.const 1)))))
  (core instance $guest (instantiate $guest (with "" (instance (export "lookup" (func $lookup))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
