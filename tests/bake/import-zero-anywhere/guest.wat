;; An import is answered wherever init meets it: as the start function, as init itself, through a table, from the constructors.
;; import: env.f=zero
;; import: env.start=zero
;; init: through f
;; keep-init
;; call: through()
;; warning: init called the import `env` `start` (1x), which was answered with zero by `--import`: each instance sees what init made of that
;; warning: init called the import `env` `f` (3x), which was answered with zero by `--import`: each instance sees what init made of that
(module
  (type $f (func (result i32)))
  (import "env" "start" (func $start))
  (import "env" "f" (func $f (type $f)))
  (global (export "g") (mut i32) (i32.const 5))
  (table (export "table") 3 funcref)
  (elem (i32.const 1) $f)
  (start $start)
  (func $__wasm_call_ctors (export "__wasm_call_ctors") (drop (call $f)))
  (func (export "through") (result i32)
    (global.set 0 (i32.add (global.get 0) (call_indirect (type $f) (i32.const 1))))
    (table.set (i32.const 2) (ref.func $f))
    (i32.const 0))
  (export "f" (func $f)))
