;; The function behind `_initialize` is in a table, where it is what it was.
(module
  (global (export "runs") (mut i32) (i32.const 0))
  (table (export "table") 1 funcref)
  (func $initialize (export "_initialize") (result)
    (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (elem declare func $initialize)
  (func (export "wizer-initialize") (table.set (i32.const 0) (ref.func $initialize))))
