;; WASI preview 2 in init: random numbers from a fixed seed, and virtual time.
;; allow-wasi
;; expect: seconds() => 1767225600
;; warning: init drew random numbers, in `wizer-initialize`: they come from a fixed seed, and are the same in every instance
;; warning: - 1 global (0) in core instance 1 (`guest`)
;; warning: init read the clock (1x), in `wizer-initialize`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 12 bytes of memory 0 (0x20) in core instance 0 (`memory`) by `wizer-initialize`
(component
  (import "wasi:random/random@0.2.0" (instance $random (export "get-random-u64" (func (result u64)))))
  (import "wasi:clocks/wall-clock@0.2.6" (instance $clock
    (type $datetime' (record (field "seconds" u64) (field "nanoseconds" u32)))
    (export "datetime" (type $datetime (eq $datetime')))
    (export "now" (func (result $datetime)))))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core func $now (canon lower (func $clock "now") (memory $memory "memory")))
  (core module $guest
    (import "" "random" (func $random (result i64)))
    (import "" "now" (func $now (param i32)))
    (import "" "memory" (memory 1))
    (global $drawn (mut i64) (i64.const 0))
    (func (export "init")
      (global.set $drawn (call $random))
      (call $now (i32.const 32)))
    (func (export "seconds") (result i64) (i64.load (i32.const 32))))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "random" (func $random))
    (export "now" (func $now))
    (export "memory" (memory $memory "memory"))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "seconds") (result u64) (canon lift (core func $guest "seconds"))))
