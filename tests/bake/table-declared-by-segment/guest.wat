;; `ref.func` in code needs a declaration, and the segment that gave it is gone.
;; call: put()
(module
  (table (export "table") 1 funcref)
  (elem (i32.const 0) func $f)
  (func $f (result i32) (i32.const 1))
  (func (export "put") (table.set (i32.const 0) (ref.func $f)))
  (func (export "wizer-initialize") (table.set (i32.const 0) (ref.null func))))
