;; Two tables, two globals and two functions of one type each, which another instance imports behind the init function's export.
;; init: init
;; call: get()
(component
  (core module $owner
    (table (export "t1") 1 funcref)
    (table (export "t2") 2 funcref)
    (global $g1 (export "g1") (mut i32) (i32.const 1))
    (global $g2 (export "g2") (mut i32) (i32.const 2))
    (func (export "init") (global.set $g1 (i32.const 5)) (global.set $g2 (i32.const 6)))
    (func (export "f1") (result i32) (i32.const 3))
    (func (export "f2") (result i32) (i32.const 4)))
  (core module $guest
    (import "" "t1" (table $t1 1 funcref))
    (import "" "t2" (table $t2 1 funcref))
    (import "" "g1" (global $g1 (mut i32)))
    (import "" "g2" (global $g2 (mut i32)))
    (import "" "f1" (func $f1 (result i32)))
    (import "" "f2" (func $f2 (result i32)))
    (func $add (param i32 i32) (result i32) (i32.add (i32.mul (local.get 0) (i32.const 10)) (local.get 1)))
    (func (export "get") (result i32)
      (call $add (call $add (call $add (call $add (call $add
        (table.size $t1) (table.size $t2)) (global.get $g1)) (global.get $g2)) (call $f1)) (call $f2))))
  (core instance $owner (instantiate $owner))
  (func (export "init") (canon lift (core func $owner "init")))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "t1" (table $owner "t1")) (export "t2" (table $owner "t2"))
    (export "g1" (global $owner "g1")) (export "g2" (global $owner "g2"))
    (export "f1" (func $owner "f1")) (export "f2" (func $owner "f2"))))))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
