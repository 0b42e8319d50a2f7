;; Two instances of a component hold standard streams, each in a table of its own: a module at the end of each opens them again.
;; allow-wasi
;; call: held()
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (component $printer
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
      (global $opened (mut i32) (i32.const 0))
      (func (export "open") (param i32)
        (loop $next
          (if (local.get 0) (then
            (global.set $opened (call $out))
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br $next)))))
      ;; Traps if the handle is none.
      (func (export "next") (result i32)
        (call $drop (global.get $opened))
        (i32.add (i32.mul (global.get $opened) (i32.const 10)) (call $out))))
    (core instance $guest (instantiate $guest (with "" (instance
      (export "out" (func $out))
      (export "drop" (func $drop))))))
    (func (export "open") (param "count" u32) (canon lift (core func $guest "open")))
    (func (export "next") (result u32) (canon lift (core func $guest "next"))))
  (instance $one (instantiate $printer (with "wasi:io/streams@0.2.0" (instance $streams)) (with "wasi:cli/stdout@0.2.0" (instance $stdout))))
  (instance $two (instantiate $printer (with "wasi:io/streams@0.2.0" (instance $streams)) (with "wasi:cli/stdout@0.2.0" (instance $stdout))))
  ;; A component cannot call one that it has made itself.
  (component $driver
    (import "open-one" (func $one.open (param "count" u32)))
    (import "open-two" (func $two.open (param "count" u32)))
    (import "next-one" (func $one.next (result u32)))
    (import "next-two" (func $two.next (result u32)))
    (core func $open-one (canon lower (func $one.open)))
    (core func $open-two (canon lower (func $two.open)))
    (core func $next-one (canon lower (func $one.next)))
    (core func $next-two (canon lower (func $two.next)))
    (core module $guest
      (import "" "open-one" (func $open-one (param i32)))
      (import "" "open-two" (func $open-two (param i32)))
      (import "" "next-one" (func $next-one (result i32)))
      (import "" "next-two" (func $next-two (result i32)))
      (func (export "init")
        (call $open-one (i32.const 1))
        (call $open-two (i32.const 3)))
      (func (export "held") (result i32)
        (i32.add (i32.mul (call $next-one) (i32.const 100)) (call $next-two))))
    (core instance $guest (instantiate $guest (with "" (instance
      (export "open-one" (func $open-one))
      (export "open-two" (func $open-two))
      (export "next-one" (func $next-one))
      (export "next-two" (func $next-two))))))
    (func (export "init") (canon lift (core func $guest "init")))
    (func (export "held") (result u32) (canon lift (core func $guest "held"))))
  (instance $driver (instantiate $driver
    (with "open-one" (func $one "open"))
    (with "open-two" (func $two "open"))
    (with "next-one" (func $one "next"))
    (with "next-two" (func $two "next"))))
  (export "wizer-initialize" (func $driver "init"))
  (export "held" (func $driver "held")))
