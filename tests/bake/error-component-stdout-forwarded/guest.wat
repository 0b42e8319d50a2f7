;; A component passes on the streams that it asks the host for. Opening one again would run its code once more.
;; allow-wasi
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (component $forward
    (import "output-stream" (type $stream (sub resource)))
    (import "get-stdout" (func $get-stdout (result (own $stream))))
    (core func $out (canon lower (func $get-stdout)))
    (core module $guest
      (import "" "out" (func $out (result i32)))
      (global $asked (mut i32) (i32.const 0))
      (func (export "get") (result i32)
        (global.set $asked (i32.add (global.get $asked) (i32.const 1)))
        (call $out)))
    (core instance $guest (instantiate $guest (with "" (instance (export "out" (func $out))))))
    (func $get (result (own $stream)) (canon lift (core func $guest "get")))
    (export "get-stdout" (func $get)))
  (instance $forward (instantiate $forward
    (with "output-stream" (type $stream))
    (with "get-stdout" (func $stdout "get-stdout"))))
  (instance $forwarded (export "output-stream" (type $stream)) (export "get-stdout" (func $forward "get-stdout")))
  (component $printer
    (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
    (alias export $streams "output-stream" (type $stream))
    (import "wasi:cli/stdout@0.2.0" (instance $stdout
      (alias outer 1 $stream (type $stream))
      (export "output-stream" (type $output-stream (eq $stream)))
      (export "get-stdout" (func (result (own $output-stream))))))
    (core func $out (canon lower (func $stdout "get-stdout")))
    (core module $guest
      (import "" "out" (func $out (result i32)))
      (global $held (mut i32) (i32.const 0))
      (func (export "init") (global.set $held (call $out))))
    (core instance $guest (instantiate $guest (with "" (instance (export "out" (func $out))))))
    (func (export "init") (canon lift (core func $guest "init"))))
  (instance $printer (instantiate $printer
    (with "wasi:io/streams@0.2.0" (instance $streams))
    (with "wasi:cli/stdout@0.2.0" (instance $forwarded))))
  (export "wizer-initialize" (func $printer "init")))
