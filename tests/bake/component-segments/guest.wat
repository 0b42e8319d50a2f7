;; Segments that are copied to a memory and to a table of another instance, which that changes.
;; call: sum()
(component
  (core module $owner
    (memory (export "memory") 1)
    (table (export "table") 3 funcref)
    (func (export "clear") (table.set (i32.const 0) (ref.null func)))
    (func (export "sum") (result i32)
      (i32.add
        (i32.add (i32.load8_u (i32.const 8)) (ref.is_null (table.get (i32.const 0))))
        (call_indirect (result i32) (i32.const 1)))))
  (core module $guest
    (import "owner" "memory" (memory 1))
    (import "owner" "table" (table 1 funcref))
    (import "owner" "clear" (func $clear))
    (data (i32.const 8) "x")
    (elem (i32.const 0) func $init $seven)
    (func $seven (result i32) (i32.const 7))
    (func $init (export "init") (call $clear)))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "sum") (result u32) (canon lift (core func $owner "sum"))))
