;; A stream of an interface that is imported in two versions: nobody tells which of them it is of.
;; allow-wasi
;; init: init
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type $o (sub resource)))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (import "wasi:io/streams@0.2.1" (instance $streams1 (export "output-stream" (type $o (sub resource)))))
  (alias export $streams1 "output-stream" (type $stream1))
  (import "wasi:cli/stdout@0.2.1" (instance $stdout1
    (alias outer 1 $stream1 (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core func $out (canon lower (func $stdout "get-stdout")))
  (core func $out1 (canon lower (func $stdout1 "get-stdout")))
  (core func $drop (canon resource.drop $stream))
  (core module $guest
    (import "" "out" (func $out (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $g (mut i32) (i32.const 0))
    (func (export "init") (global.set $g (call $out)))
    (func (export "close") (result i32) (call $drop (global.get $g)) (i32.const 7)))
  (core instance $guest (instantiate $guest (with "" (instance (export "out" (func $out)) (export "drop" (func $drop))))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "close") (result u32) (canon lift (core func $guest "close"))))
