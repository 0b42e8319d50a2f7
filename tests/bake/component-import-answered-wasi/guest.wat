;; A function of WASI answers with zero, since that is asked for, although WASI is allowed.
;; allow-wasi
;; init: init
;; import: wasi:random/random@0.2.0.get-random-u64=zero
;; warning: init called the import `wasi:random/random@0.2.0` `get-random-u64` (1x), which was answered with zero by `--import`: each instance sees what init made of that
;; expect: get() => 0
(component
  (import "wasi:random/random@0.2.0" (instance $random (export "get-random-u64" (func (result u64)))))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core module $guest
    (import "" "random" (func $random (result i64)))
    (global $drawn (mut i64) (i64.const 1))
    (func (export "init") (global.set $drawn (call $random)))
    (func (export "get") (result i64) (global.get $drawn)))
  (core instance $guest (instantiate $guest (with "" (instance (export "random" (func $random))))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "get") (result u64) (canon lift (core func $guest "get"))))
