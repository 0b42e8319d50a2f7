;; Two instances of a component whose modules are the same after init: one holds standard output, the other standard error.
;; allow-wasi
;; init: init-a(0) init-b(1)
;; call: next-a() next-b()
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (import "wasi:cli/stderr@0.2.0" (instance $stderr
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stderr" (func (result (own $output-stream))))))
  (component $printer
    (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
    (alias export $streams "output-stream" (type $stream))
    (import "wasi:cli/stdout@0.2.0" (instance $stdout
      (alias outer 1 $stream (type $stream))
      (export "output-stream" (type $output-stream (eq $stream)))
      (export "get-stdout" (func (result (own $output-stream))))))
    (import "wasi:cli/stderr@0.2.0" (instance $stderr
      (alias outer 1 $stream (type $stream))
      (export "output-stream" (type $output-stream (eq $stream)))
      (export "get-stderr" (func (result (own $output-stream))))))
    (core func $out (canon lower (func $stdout "get-stdout")))
    (core func $err (canon lower (func $stderr "get-stderr")))
    (core module $guest
      (import "" "out" (func $out (result i32)))
      (import "" "err" (func $err (result i32)))
      (func (export "init") (param i32)
        (drop (if (result i32) (local.get 0) (then (call $err)) (else (call $out)))))
      (func (export "next") (result i32) (call $out)))
    (core instance $guest (instantiate $guest (with "" (instance (export "out" (func $out)) (export "err" (func $err))))))
    (func (export "init") (param "n" u32) (canon lift (core func $guest "init")))
    (func (export "next") (result u32) (canon lift (core func $guest "next"))))
  (instance $a (instantiate $printer
    (with "wasi:io/streams@0.2.0" (instance $streams))
    (with "wasi:cli/stdout@0.2.0" (instance $stdout))
    (with "wasi:cli/stderr@0.2.0" (instance $stderr))))
  (instance $b (instantiate $printer
    (with "wasi:io/streams@0.2.0" (instance $streams))
    (with "wasi:cli/stdout@0.2.0" (instance $stdout))
    (with "wasi:cli/stderr@0.2.0" (instance $stderr))))
  (export "init-a" (func $a "init"))
  (export "init-b" (func $b "init"))
  (export "next-a" (func $a "next"))
  (export "next-b" (func $b "next")))
