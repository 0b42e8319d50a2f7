;; References to the host's things that are null: the size counts.
;; call: grow(1)
(module
  (table $externs (export "externs") 1 externref)
  (global (export "extern") (mut externref) (ref.null extern))
  (func (export "grow") (param i32) (result i32)
    (table.grow $externs (ref.null extern) (local.get 0)))
  (func (export "wizer-initialize")
    (drop (table.grow $externs (ref.null extern) (i32.const 3)))
    (global.set 0 (ref.null extern))))
