;; A component between the host and another one provides standard output. What the latter holds is none of the host's.
;; allow-wasi
(component
  (component $virtual
    (type $stream' (resource (rep i32)))
    (export $stream "output-stream" (type $stream'))
    (core func $new (canon resource.new $stream'))
    (core module $guest
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "get") (result i32) (call $new (i32.const 7))))
    (core instance $guest (instantiate $guest (with "" (instance (export "new" (func $new))))))
    (func $get (result (own $stream)) (canon lift (core func $guest "get")))
    (export "get-stdout" (func $get)))
  (instance $virtual (instantiate $virtual))
  (alias export $virtual "output-stream" (type $stream))
  (instance $streams (export "output-stream" (type $stream)))
  (instance $stdout (export "output-stream" (type $stream)) (export "get-stdout" (func $virtual "get-stdout")))
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
  (instance $printer (instantiate $printer (with "wasi:io/streams@0.2.0" (instance $streams)) (with "wasi:cli/stdout@0.2.0" (instance $stdout))))
  (export "wizer-initialize" (func $printer "init")))
