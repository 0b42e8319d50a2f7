;; Standard streams that are held after init, with a hole where one was dropped: a module at the end opens them again.
;; allow-wasi
;; call: held()
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
  (core func $out (canon lower (func $stdout "get-stdout")))
  (core func $err (canon lower (func $stderr "get-stderr")))
  (core func $drop (canon resource.drop $stream))
  (core module $guest
    (import "" "out" (func $out (result i32)))
    (import "" "err" (func $err (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $held (mut i32) (i32.const 0))
    (global $dropped (mut i32) (i32.const 0))
    (func (export "init")
      (global.set $dropped (call $out))
      (global.set $held (call $err))
      (drop (call $out))
      (call $drop (global.get $dropped)))
    ;; The number that is given next is that of the hole.
    (func (export "held") (result i32)
      (i32.add (i32.mul (global.get $held) (i32.const 10)) (i32.sub (call $out) (global.get $dropped)))))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "out" (func $out))
    (export "err" (func $err))
    (export "drop" (func $drop))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "held") (result u32) (canon lift (core func $guest "held"))))
