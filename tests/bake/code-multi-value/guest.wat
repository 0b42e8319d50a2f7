;; Blocks and functions with several results.
;; call: run(1, 2)
(module
  (global (export "g") (mut i64) (i64.const 0))
  (func $swap (export "run") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
  (func (export "wizer-initialize")
    (i32.const 1)
    (i64.const 2)
    (block (param i32 i64) (result i64 i32) (call $swap))
    (drop)
    (global.set 0)))
