;; Code behind a trap, with instructions that name what goes.
;; call: run()
(module
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (data $d (i32.const 0) "a")
  (elem $e (i32.const 0) func $f)
  (func $f (result i32) (i32.const 1))
  (func (export "run")
    unreachable
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))
    (data.drop $d)
    (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)))
  (func (export "wizer-initialize")))
