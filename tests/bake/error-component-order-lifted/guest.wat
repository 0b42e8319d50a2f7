;; A component without instances of modules, whose functions are the built-in ones themselves: handles in its table are dropped in
;; another order than the reverse.
;; init: init
(component
  (component $shop
    (type $r (resource (rep i32)))
    (core func $new (canon resource.new $r))
    (core func $drop (canon resource.drop $r))
    (func (export "make") (param "x" u32) (result u32) (canon lift (core func $new)))
    (func (export "drop") (param "x" u32) (canon lift (core func $drop))))
  (component $guest
    (import "make" (func $make (param "x" u32) (result u32)))
    (import "drop" (func $drop (param "x" u32)))
    (core func $make (canon lower (func $make)))
    (core func $drop (canon lower (func $drop)))
    (core module $guest
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "init") (local i32 i32)
        (local.set 0 (call $make (i32.const 7))) (local.set 1 (call $make (i32.const 8)))
        (call $drop (local.get 0)) (call $drop (local.get 1)))
      (func (export "next") (result i32) (call $make (i32.const 9))))
    (core instance $guest (instantiate $guest (with "" (instance (export "make" (func $make)) (export "drop" (func $drop))))))
    (func (export "init") (canon lift (core func $guest "init")))
    (func (export "next") (result u32) (canon lift (core func $guest "next"))))
  (instance $shop (instantiate $shop))
  (instance $guest (instantiate $guest (with "make" (func $shop "make")) (with "drop" (func $shop "drop"))))
  (export "init" (func $guest "init"))
  (export "next" (func $guest "next")))
