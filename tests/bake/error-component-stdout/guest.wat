;; Standard output that is held after init.
;; allow-wasi
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core func $get (canon lower (func $stdout "get-stdout")))
  (core module $guest
    (import "" "get" (func $get (result i32)))
    (global $handle (mut i32) (i32.const 0))
    (func (export "init") (global.set $handle (call $get))))
  (core instance $guest (instantiate $guest (with "" (instance (export "get" (func $get))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
