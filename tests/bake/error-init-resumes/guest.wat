;; A module that is baked already: a call would run first what is to run in each instance.
;; init: get
(module
  (@producers (processed-by "cargo-preinit" "0.1.0"))
  (global $entered (mut i32) (i32.const 0))
  (global $n (mut i32) (i32.const 0))
  (func $resume (global.set $entered (i32.const 1)) (global.set $n (i32.const 5)))
  (func $get (result i32) (global.get $n))
  (func (export "get") (result i32) (block (br_if 0 (global.get $entered)) (call $resume)) (call $get)))
