;; Two standard streams are dropped, the first one first: the numbers are given out again as after init.
;; allow-wasi
;; init: init
;; call: next() next() next()
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core func $out (canon lower (func $stdout "get-stdout")))
  (core func $drop (canon resource.drop $stream))
  (core module $guest
    (import "" "out" (func $out (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "init") (local i32 i32)
      (local.set 0 (call $out)) (local.set 1 (call $out))
      (call $drop (local.get 0)) (call $drop (local.get 1)))
    (func (export "next") (result i32) (call $out)))
  (core instance $guest (instantiate $guest (with "" (instance (export "out" (func $out)) (export "drop" (func $drop))))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "next") (result u32) (canon lift (core func $guest "next"))))
