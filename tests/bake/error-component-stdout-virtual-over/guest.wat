;; A component between the host and another one provides standard output, and asks the host for its own at that. What the latter
;; holds is none of the host's.
;; allow-wasi
(component
  (import "wasi:io/streams@0.2.0" (instance $real (export "output-stream" (type (sub resource)))))
  (alias export $real "output-stream" (type $real-stream))
  (import "wasi:cli/stdout@0.2.0" (instance $real-stdout
    (alias outer 1 $real-stream (type $s))
    (export "output-stream" (type $output-stream (eq $s)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (component $virtual
    (import "real-stream" (type $real (sub resource)))
    (import "real-stdout" (func $real-stdout (result (own $real))))
    (core func $out (canon lower (func $real-stdout)))
    (core func $drop (canon resource.drop $real))
    (type $stream' (resource (rep i32)))
    (export $stream "output-stream" (type $stream'))
    (core func $new (canon resource.new $stream'))
    (core module $guest
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "out" (func $out (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "get") (result i32) (call $drop (call $out)) (call $new (i32.const 7))))
    (core instance $guest (instantiate $guest (with "" (instance
      (export "new" (func $new)) (export "out" (func $out)) (export "drop" (func $drop))))))
    (func $get (result (own $stream)) (canon lift (core func $guest "get")))
    (export "get-stdout" (func $get)))
  (instance $virtual (instantiate $virtual 
    (with "real-stream" (type $real-stream)) (with "real-stdout" (func $real-stdout "get-stdout"))))
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
