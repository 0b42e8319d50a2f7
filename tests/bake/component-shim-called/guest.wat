;; Init goes through the shim's table to another instance, which answers.
;; call: get()
(component
  (core module $other
    (global $n (mut i32) (i32.const 5))
    (func (export "next") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (global.get $n)))
  (core module $shim
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (result i32) (call_indirect (result i32) (i32.const 0))))
  (core module $guest
    (import "env" "next" (func $next (result i32)))
    (memory (export "memory") 1)
    (func (export "init") (i32.store (i32.const 8) (i32.add (call $next) (call $next))))
    (func (export "get") (result i32) (i32.add (call $next) (i32.load (i32.const 8)))))
  (core module $fixup
    (import "" "$imports" (table 1 1 funcref))
    (import "" "0" (func (result i32)))
    (elem (i32.const 0) func 0))
  (core instance $other (instantiate $other))
  (core instance $shim (instantiate $shim))
  (core instance $guest (instantiate $guest (with "env" (instance (export "next" (func $shim "0"))))))
  (core instance (instantiate $fixup (with "" (instance
    (export "$imports" (table $shim "$imports"))
    (export "0" (func $other "next"))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
