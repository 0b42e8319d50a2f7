;; An instruction that init does not reach is no reason to refuse.
;; call: grow()
(module
  (table $externs 1 externref)
  (global (export "any") (mut anyref) (ref.null any))
  (func (export "grow")
    (global.set 0 (ref.i31 (i32.const 1)))
    (drop (table.grow $externs (extern.convert_any (global.get 0)) (i32.const 1))))
  (func (export "wizer-initialize")))
