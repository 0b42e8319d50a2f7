;; A memory, a table and a global that another instance imports: each is captured where it is defined.
;; call: get() get()
(component
  (core module $owner
    (memory (export "memory") 1)
    (global (export "global") (mut i32) (i32.const 1))
    (table (export "table") 1 funcref)
    (func (export "get") (result i32) (i32.add (i32.load (i32.const 8)) (global.get 0))))
  (core module $user
    (import "owner" "memory" (memory 1))
    (import "owner" "global" (global (mut i32)))
    (import "owner" "table" (table 1 funcref))
    (func (export "init")
      (i32.store (i32.const 8) (i32.const 42))
      (global.set 0 (i32.const 100))))
  (core instance $owner (instantiate $owner))
  (core instance $user (instantiate $user (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $user "init")))
  (func (export "get") (result u32) (canon lift (core func $owner "get"))))
