;; Functions of one module that answer share its state, which its start function has begun once.
;; import: env.next=answers.wat:next
;; import: env.peek=answers.wat:peek
;; warning: init called the import `env` `next` (2x), which was answered with answers.wat:next by `--import`: each instance sees what init made of that
;; warning: init called the import `env` `peek` (1x), which was answered with answers.wat:peek by `--import`: each instance sees what init made of that
;; expect: kept() => i32 12
(module
  (import "env" "next" (func $next (result i32)))
  (import "env" "peek" (func $peek (result i32)))
  (global $kept (mut i32) (i32.const 0))
  (func (export "wizer-initialize") (drop (call $next)) (drop (call $next)) (global.set $kept (call $peek)))
  (func (export "kept") (result i32) (global.get $kept)))
