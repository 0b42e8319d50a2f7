;; Init calls imports that answer with numbers of their types, and others of the same module with zero. The output calls them as before.
;; import: env.*=zero
;; import: env.level=const:-7
;; import: env.ratio=const:2.5
;; warning: init called the import `env` `level` (1x), which was answered with -7 by `--import`: each instance sees what init made of that
;; warning: init called the import `env` `ratio` (1x), which was answered with 2.5 by `--import`: each instance sees what init made of that
;; warning: init called the import `env` `other` (2x), which was answered with zero by `--import`: each instance sees what init made of that
;; answer: level() => i64 -7
;; answer: other() => i32 0
;; call: ratio()
(module
  (import "env" "level" (func $level (result i64)))
  (import "env" "ratio" (func $ratio (result f32)))
  (import "env" "other" (func $other (result i32)))
  (import "env" "unused" (func (param i32)))
  (global $kept_level (mut i64) (i64.const 0))
  (global $kept_ratio (mut f32) (f32.const 0))
  (global $kept_other (mut i32) (i32.const 5))
  (func (export "wizer-initialize")
    (global.set $kept_level (call $level))
    (global.set $kept_ratio (call $ratio))
    (global.set $kept_other (i32.add (call $other) (call $other))))
  (func (export "level") (result i64) (global.get $kept_level))
  (func (export "ratio") (result f32) (global.get $kept_ratio))
  (func (export "other") (result i32) (global.get $kept_other)))
