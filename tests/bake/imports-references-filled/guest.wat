;; A long run of a reference that is the host's, in a table that sees it as another kind: it is converted by whatever fills the table.
;; init: init
;; call: is_set(99)
(module
  (import "env" "string" (global $string externref))
  (table $t 100000 anyref)
  (func (export "init")
    (table.fill $t (i32.const 10) (any.convert_extern (global.get $string)) (i32.const 90000)))
  (func (export "is_set") (param i32) (result i32)
    (ref.is_null (table.get $t (local.get 0)))))
