;; An import that init calls is answered with zero, at build time only: the output imports it, and calls it, as before.
;; import: a.H=zero
;; answer: get() => i32 41
;; call: ask()
;; warning: init called the import `a` `H` (1x), which was answered with zero by `--import`: each instance sees what init made of that
(module
  (import "a" "H" (func $renamed (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "wizer.initialize")
    (i32.store (i32.const 64) (i32.add (call $renamed (i32.const 0) (i32.const 4)) (i32.const 41))))
  (func (export "get") (result i32) (i32.load (i32.const 64)))
  (func (export "ask") (result i32) (call $renamed (i32.const 0) (i32.const 4))))
