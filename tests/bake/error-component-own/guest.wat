;; An init function that returns handles.
;; allow-wasi
;; init: init
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
    (memory (export "mem") 1)
    (func (export "init") (result i32)
      (i32.store (i32.const 8) (call $out))
      (i32.store (i32.const 12) (call $out))
      (i32.const 8))
    (func (export "next") (result i32) (call $out)))
  (core instance $guest (instantiate $guest (with "" (instance (export "out" (func $out))))))
  (alias core export $guest "mem" (core memory $mem))
  (type $t (tuple (own $stream) (own $stream)))
  (func (export "init") (result $t) (canon lift (core func $guest "init") (memory $mem)))
  (func (export "next") (result u32) (canon lift (core func $guest "next"))))
