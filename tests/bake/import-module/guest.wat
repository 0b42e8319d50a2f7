;; Functions of another module answer: they have state of their own, which is the same in each run.
;; import: env.next=answers.wat:count
;; import: env.twice=answers.wat:twice
;; warning: init called the import `env` `next` (2x), which was answered with answers.wat:count by `--import`: each instance sees what init made of that
;; warning: init called the import `env` `twice` (1x), which was answered with answers.wat:twice by `--import`: each instance sees what init made of that
;; expect: kept() => i32 42
(module
  (import "env" "next" (func $next (result i32)))
  (import "env" "twice" (func $twice (param i32) (result i32)))
  (global $kept (mut i32) (i32.const 0))
  (func (export "wizer-initialize")
    (drop (call $next))
    (global.set $kept (call $twice (i32.add (call $next) (i32.const 19)))))
  (func (export "kept") (result i32) (global.get $kept)))
