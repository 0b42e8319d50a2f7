;; The shape that wit-component makes: a shim with a table, the guest, and a fix-up that fills the table with lowered imports. Only
;; the guest changes.
;; call: get() get()
(component
  (import "log" (func $log (param "n" u32)))
  (core module $shim
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (param i32) (call_indirect (param i32) (local.get 0) (i32.const 0))))
  (core module $guest
    (import "env" "log" (func $log (param i32)))
    (memory (export "memory") 1)
    (func (export "init") (i32.store (i32.const 8) (i32.const 42)))
    (func (export "get") (result i32) (call $log (i32.const 3)) (i32.load (i32.const 8))))
  (core module $fixup
    (import "" "$imports" (table 1 1 funcref))
    (import "" "0" (func (param i32)))
    (elem (i32.const 0) func 0))
  (core instance $shim (instantiate $shim))
  (core instance $guest (instantiate $guest (with "env" (instance (export "log" (func $shim "0"))))))
  (core func $lowered (canon lower (func $log)))
  (core instance (instantiate $fixup (with "" (instance
    (export "$imports" (table $shim "$imports"))
    (export "0" (func $lowered))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
