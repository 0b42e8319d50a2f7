;; A table of one function type, which takes no segment of function indices.
;; call: run(2) run(0)
(module
  (type $t (func (result i32)))
  (table $table (export "table") 1 (ref null $t))
  (func $f (type $t) (i32.const 1))
  (elem declare func $f)
  (func (export "run") (param i32) (result i32)
    (call_ref $t (table.get $table (local.get 0))))
  (func (export "wizer-initialize")
    (drop (table.grow $table (ref.null $t) (i32.const 1)))
    (drop (table.grow $table (ref.func $f) (i32.const 1)))))
