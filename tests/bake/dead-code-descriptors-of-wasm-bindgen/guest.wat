;; wasm-bindgen has yet to bind the module: what it is told has names only, so dead code goes, and slots of tables as plain numbers, so
;; the table stays although nothing in the module names it.
;; init: init
;; remove-dead-code
;; expect: describe() => i32 1
(module
  (global $g (mut i32) (i32.const 0))
  (table 2 2 funcref)
  (elem (i32.const 1) $closure)
  (func $closure (result i32) (global.get $g))
  (func $only_init (global.set $g (i32.const 7)))
  (func (export "init") (call $only_init))
  (func (export "describe") (result i32) (i32.const 1))
  (@custom "__wasm_bindgen_unstable" "closure"))
