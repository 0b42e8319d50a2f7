;; A function that answers with zero, and that a handle is lent to twice: it is given back.
;; allow-wasi
;; init: init
;; import: wasi:io/streams@0.2.0.[method]output-stream.check-write=zero
;; warning: init called the import `wasi:io/streams@0.2.0` `[method]output-stream.check-write` (2x), which was answered with zero by `--import`: each instance sees what init made of that
;; expect: get() => 0
(component
  (import "wasi:io/error@0.2.0" (instance $errors (export "error" (type (sub resource)))))
  (alias export $errors "error" (type $error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (alias outer 1 $error (type $e'))
    (export "error" (type $e (eq $e')))
    (export "output-stream" (type $os (sub resource)))
    (type $stream-error' (variant (case "last-operation-failed" (own $e)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    (export "[method]output-stream.check-write"
      (func (param "self" (borrow $os)) (result (result u64 (error $stream-error)))))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $out (canon lower (func $stdout "get-stdout")))
  (core func $look (canon lower (func $streams "[method]output-stream.check-write") (memory $memory "memory")))
  (core func $drop (canon resource.drop $stream))
  (core module $guest
    (import "" "memory" (memory 1))
    (import "" "out" (func $out (result i32)))
    (import "" "look" (func $look (param i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $n (mut i64) (i64.const 1))
    (func (export "init") (local i32)
      (local.set 0 (call $out))
      (call $look (local.get 0) (i32.const 16))
      (call $look (local.get 0) (i32.const 32))
      (call $drop (local.get 0))
      (global.set $n (i64.add (i64.load (i32.const 40)) (i64.load8_u (i32.const 32)))))
    (func (export "get") (result i64) (global.get $n)))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "memory" (memory $memory "memory"))
    (export "out" (func $out)) (export "look" (func $look)) (export "drop" (func $drop))))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "get") (result u64) (canon lift (core func $guest "get"))))
