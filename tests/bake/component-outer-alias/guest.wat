;; A module that is defined outside of the component that instantiates it, and functions that are passed as arguments.
;; call: get() double()
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5)))
    (func (export "get") (result i32) (global.get $n)))
  (component $provider
    (alias outer 1 $guest (core module $guest))
    (core instance $guest (instantiate $guest))
    (func (export "init") (canon lift (core func $guest "init")))
    (func (export "get") (result u32) (canon lift (core func $guest "get"))))
  (component $consumer
    (import "get" (func $get (result u32)))
    (core func $lowered (canon lower (func $get)))
    (core module $double
      (import "" "get" (func $get (result i32)))
      (func (export "double") (result i32) (i32.mul (i32.const 2) (call $get))))
    (core instance $double (instantiate $double (with "" (instance (export "get" (func $lowered))))))
    (func (export "double") (result u32) (canon lift (core func $double "double"))))
  (instance $provider (instantiate $provider))
  (instance $consumer (instantiate $consumer (with "get" (func $provider "get"))))
  (export "wizer-initialize" (func $provider "init"))
  (export "get" (func $provider "get"))
  (export "double" (func $consumer "double")))
