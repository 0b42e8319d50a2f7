;; Zero of each type, and null for references; one function returns several, one nothing. Names have dots in them, or are empty.
;; import: env.all.of.them=zero
;; import: env.nothing=zero
;; import: .=zero
;; import: env.never=zero
;; warning: init called the import `` (2x), which was answered with zero by `--import`: each instance sees what init made of that
;; warning: init called the import `env` `nothing` (1x), which was answered with zero by `--import`: each instance sees what init made of that
;; warning: init called the import `env.all` `of.them` (1x), which was answered with zero by `--import`: each instance sees what init made of that
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $node (struct (field i32)))
  (import "" "" (func $once (result i32)))
  (import "env" "never" (func $never))
  (import "env" "nothing" (func $nothing (param i64)))
  (import "env.all" "of.them" (func $all
    (result i32 i64 f32 f64 funcref externref anyref (ref null $node))))
  (import "" "" (func $twice (result i32)))
  (global $i32 (export "i32") (mut i32) (i32.const 1))
  (global $i64 (export "i64") (mut i64) (i64.const 1))
  (global $f32 (export "f32") (mut f32) (f32.const 1))
  (global $f64 (export "f64") (mut f64) (f64.const 1))
  (global $null (export "null") (mut i32) (i32.const 0))
  (func (export "call") (result i32) (call $never) (call $once))
  (func (export "wizer-initialize")
    (local $node (ref null $node)) (local $any anyref) (local $extern externref) (local $func funcref)
    (call $nothing (i64.const 3))
    (call $all)
    (local.set $node) (local.set $any) (local.set $extern) (local.set $func)
    (global.set $f64) (global.set $f32) (global.set $i64) (global.set $i32)
    (global.set $null (i32.add
      (i32.add (ref.is_null (local.get $node)) (ref.is_null (local.get $any)))
      (i32.add (ref.is_null (local.get $extern)) (ref.is_null (local.get $func)))))
    (global.set $i32 (i32.add (call $once) (call $twice)))))
