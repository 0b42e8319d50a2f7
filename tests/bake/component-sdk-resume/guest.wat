;; What is to run in each instance runs before the functions that are lifted, and before those that another instance imports, but not before
;; those that only take arguments or clean up. A table of another instance holds the function itself.
;; expect: get() => 121
;; expect: take("a") => 1212
;; expect: run() => 12123
;; expect: held() => 121231
(component
  (core module $owner
    (table (export "table") 2 funcref)
    (func (export "held") (result i32) (call_indirect (result i32) (i32.const 1))))
  (core instance $owner (instantiate $owner))
  (core module $guest
    (import "owner" "table" (table 2 funcref))
    (memory (export "memory") 1)
    (global (export "__preinit_v1_armed") i32 (i32.const 16))
    (global (export "__preinit_v1_slot") i32 (i32.const 20))
    (global (export "__preinit_v1_phase") i32 (i32.const 24))
    (global (export "__preinit_v1_message") i32 (i32.const 32))
    (func (export "__preinit_v1_version") (result i32) (i32.const 1))
    (global (export "__preinit_v1_item_a") i32 (i32.const 64))
    (global (export "__preinit_v1_item_b") i32 (i32.const 320))
    (global $n (mut i32) (i32.const 0))
    (elem declare func $get)
    (func $then (param i32) (global.set $n (i32.add (i32.mul (global.get $n) (i32.const 10)) (local.get 0))))
    (func (export "__preinit_v1_run_a") (result i32)
      (call $then (i32.const 1)) (table.set (i32.const 1) (ref.func $get)) (i32.const 0))
    (func (export "__preinit_v1_resume_b") (call $then (i32.const 2)))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "clean-up") (param i32))
    (func $get (export "get") (export "cabi_get") (result i32) (call $then (i32.const 1)) (global.get $n))
    (func (export "take") (param i32 i32) (result i32) (call $then (i32.const 2)) (global.get $n))
    (func (export "_start") (result i32) (call $then (i32.const 3)) (global.get $n))
    (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 320) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (i32.const 200) "item    file"))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (core module $adapter
    (import "guest" "_start" (func $start (result i32)))
    (func (export "run") (result i32) (call $start)))
  (core instance $adapter (instantiate $adapter (with "guest" (instance $guest))))
  (func (export "get") (result u32) (canon lift (core func $guest "get") (post-return (func $guest "clean-up"))))
  (func (export "take") (param "text" string) (result u32)
    (canon lift (core func $guest "take") (memory $guest "memory") (realloc (func $guest "realloc"))))
  (func (export "run") (result u32) (canon lift (core func $adapter "run")))
  (func (export "held") (result u32) (canon lift (core func $owner "held"))))
