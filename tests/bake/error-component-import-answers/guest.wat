;; Answers that no import can give: of a name that is not there, and of a memory.
;; import: shop.look=zero
;; import: memory=fresh
(component
  (import "shop" (instance $prices (export "lookup" (func (param "n" u32) (result u32)))))
  (core func $lookup (canon lower (func $prices "lookup")))
  (core module $guest
    (import "" "lookup" (func $lookup (param i32) (result i32)))
    (func (export "init") (drop (call $lookup (i32.const 1)))))
  (core instance $guest (instantiate $guest (with "" (instance (export "lookup" (func $lookup))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
