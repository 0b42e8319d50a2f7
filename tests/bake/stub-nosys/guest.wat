;; Stubs that return an error number, by a pattern and by a name, which counts for more; one that returns no number traps.
;; stub: env.*=nosys
;; stub: env.b
;; stub: env.last=trap
;; stub: env.last=nosys
;; warning: what stands for these imports can still be reached:
;; warning:   - `env` `a` by `a`
;; warning:   - `env` `b` by `b`
;; warning:   - `env` `c` by `c`
;; warning:   - `env` `last` by `last`
;; expect: a() => i32 52
;; expect: b() => trap: UnreachableCodeReached
;; expect: c() => trap: UnreachableCodeReached
;; expect: last() => i32 52
(module
  (import "env" "a" (func $a (param i64) (result i32)))
  (import "env" "b" (func $b (result i32)))
  (import "env" "c" (func $c (result i64)))
  (import "env" "unused" (func))
  (import "env" "last" (func $last (result i32)))
  (global (mut i32) (i32.const 0))
  (func (export "wizer-initialize") (global.set 0 (i32.const 1)))
  (func (export "a") (result i32) (call $a (i64.const 1)))
  (func (export "b") (result i32) (call $b))
  (func (export "c") (result i64) (call $c))
  (func (export "last") (result i32) (call $last)))
