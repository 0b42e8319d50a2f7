;; Libraries whose data is in a memory of another instance, at a place that a global of that instance says, as wit-component links
;; them. Init changes what the data was.
;; call: get(0) get(4) get(64)
(component
  (core module $env
    (memory (export "memory") 1)
    (table (export "table") 1 funcref)
    (global (export "base") i32 (i32.const 16))
    (global (export "got") (mut i32) (i32.const 0)))
  (core module $library
    (import "env" "memory" (memory 1))
    (import "env" "table" (table 1 funcref))
    (import "env" "base" (global $base i32))
    (import "env" "got" (global $got (mut i32)))
    (data (global.get $base) "\01\00\00\00\02\00\00\00")
    (data (i32.const 80) "\03")
    (elem (i32.const 0) func $next)
    (func $next (result i32) (i32.const 5))
    (func (export "relocate") (global.set $got (i32.add (global.get $base) (i32.const 4))))
    (func (export "init")
      (i32.store (global.get $got) (call_indirect (result i32) (i32.const 0))))
    (func (export "get") (param i32) (result i32)
      (i32.load (i32.add (global.get $base) (local.get 0)))))
  (core module $starter
    (import "library" "relocate" (func $relocate))
    (start $relocate))
  (core instance $env (instantiate $env))
  (core instance $library (instantiate $library (with "env" (instance $env))))
  (core instance (instantiate $starter (with "library" (instance $library))))
  (func (export "wizer-initialize") (canon lift (core func $library "init")))
  (func (export "get") (param "n" u32) (result u32) (canon lift (core func $library "get"))))
