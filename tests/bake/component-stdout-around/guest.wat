;; A component and one inside of it hold standard streams, each in a table of its own: other ones, and another number of them.
;; allow-wasi
;; init: outer-init inner-init
;; call: outer() inner() outer()
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (component $inner
    (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
    (alias export $streams "output-stream" (type $stream))
    (import "wasi:cli/stdout@0.2.0" (instance $stdout
      (alias outer 1 $stream (type $stream))
      (export "output-stream" (type $output-stream (eq $stream)))
      (export "get-stdout" (func (result (own $output-stream))))))
    (core func $out (canon lower (func $stdout "get-stdout")))
    (core module $guest
      (import "" "out" (func $out (result i32)))
      (func (export "init") (drop (call $out)))
      (func (export "next") (result i32) (call $out)))
    (core instance $guest (instantiate $guest (with "" (instance (export "out" (func $out))))))
    (func (export "init") (canon lift (core func $guest "init")))
    (func (export "next") (result u32) (canon lift (core func $guest "next"))))
  (instance $inner (instantiate $inner
    (with "wasi:io/streams@0.2.0" (instance $streams)) (with "wasi:cli/stdout@0.2.0" (instance $stdout))))
  (core func $out (canon lower (func $stdout "get-stdout")))
  (core module $guest
    (import "" "out" (func $out (result i32)))
    (func (export "init") (drop (call $out)) (drop (call $out)) (drop (call $out)))
    (func (export "next") (result i32) (call $out)))
  (core instance $guest (instantiate $guest (with "" (instance (export "out" (func $out))))))
  (func (export "outer-init") (canon lift (core func $guest "init")))
  (func (export "outer") (result u32) (canon lift (core func $guest "next")))
  (export "inner-init" (func $inner "init"))
  (export "inner" (func $inner "next")))
