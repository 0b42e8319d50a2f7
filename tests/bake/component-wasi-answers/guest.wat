;; What init asks of WASI preview 2: the environment, standard input, which is closed, the clock that runs, and standard output.
;; env: HOME=/root
;; init: init
;; output: /root
;; warning: init read the clock (1x), in `init`: time in a bake is virtual, and what was read is the same in every instance
;; warning: - 1 global (0) in core instance 1 (`guest`)
;; warning: init read the environment (`HOME`), in `init`: each instance sees what init kept of it
;; warning: - 4 bytes of memory 0 (0x419) in core instance 0 (`memory`) by `init`
;; warning: init read standard input, which was at its end, in `init`: each instance sees what init kept of that
;; expect: variable() => "/root"
;; expect: closed() => 1
;; expect: waited() => true
(component
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock (export "now" (func (result u64)))))
  (import "wasi:io/error@0.2.0" (instance $errors (export "error" (type (sub resource)))))
  (alias export $errors "error" (type $error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (alias outer 1 $error (type $e'))
    (export "error" (type $e (eq $e')))
    (export "input-stream" (type $is (sub resource)))
    (export "output-stream" (type $os (sub resource)))
    (type $stream-error' (variant (case "last-operation-failed" (own $e)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    (export "[method]input-stream.blocking-read"
      (func (param "self" (borrow $is)) (param "len" u64) (result (result (list u8) (error $stream-error)))))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $os)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stdin@0.2.0" (instance $stdin
    (alias outer 1 $input (type $s))
    (export "input-stream" (type $is (eq $s)))
    (export "get-stdin" (func (result (own $is))))))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $output (type $s))
    (export "output-stream" (type $os (eq $s)))
    (export "get-stdout" (func (result (own $os))))))
  (core module $memory
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3)))))
  (core instance $memory (instantiate $memory))
  (core func $environment (canon lower (func $environment "get-environment")
    (memory $memory "memory") (realloc (func $memory "realloc"))))
  (core func $now (canon lower (func $clock "now")))
  (core func $in (canon lower (func $stdin "get-stdin")))
  (core func $out (canon lower (func $stdout "get-stdout")))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory $memory "memory") (realloc (func $memory "realloc"))))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory $memory "memory")))
  (core func $drop-in (canon resource.drop $input))
  (core func $drop-out (canon resource.drop $output))
  (core module $guest
    (import "" "memory" (memory 1))
    (import "" "environment" (func $environment (param i32)))
    (import "" "now" (func $now (result i64)))
    (import "" "in" (func $in (result i32)))
    (import "" "out" (func $out (result i32)))
    (import "" "read" (func $read (param i32 i64 i32)))
    (import "" "write" (func $write (param i32 i32 i32 i32)))
    (import "" "drop-in" (func $drop-in (param i32)))
    (import "" "drop-out" (func $drop-out (param i32)))
    (global $waited (mut i64) (i64.const 0))
    (func (export "init") (local $in i32) (local $out i32) (local $variable i32)
      (call $environment (i32.const 0))
      (local.set $variable (i32.load (i32.const 0)))
      (i32.store (i32.const 64) (i32.load offset=8 (local.get $variable)))
      (i32.store (i32.const 68) (i32.load offset=12 (local.get $variable)))
      (local.set $in (call $in))
      (call $read (local.get $in) (i64.const 4) (i32.const 16))
      (local.set $out (call $out))
      (i32.store8 (i32.add (i32.load (i32.const 64)) (i32.load (i32.const 68))) (i32.const 10))
      (call $write (local.get $out) (i32.load (i32.const 64)) (i32.add (i32.load (i32.const 68)) (i32.const 1)) (i32.const 32))
      (call $drop-out (local.get $out))
      (call $drop-in (local.get $in))
      (global.set $waited (call $now)))
    (func (export "variable") (result i32) (i32.const 64))
    ;; Whether it is an error, and the second of its cases.
    (func (export "closed") (result i32)
      (i32.and (i32.load8_u (i32.const 16)) (i32.load8_u offset=4 (i32.const 16))))
    (func (export "waited") (result i32) (i64.ne (global.get $waited) (i64.const 0))))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "memory" (memory $memory "memory"))
    (export "environment" (func $environment))
    (export "now" (func $now))
    (export "in" (func $in))
    (export "out" (func $out))
    (export "read" (func $read))
    (export "write" (func $write))
    (export "drop-in" (func $drop-in))
    (export "drop-out" (func $drop-out))))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "variable") (result string) (canon lift (core func $guest "variable") (memory $memory "memory")))
  (func (export "closed") (result u32) (canon lift (core func $guest "closed")))
  (func (export "waited") (result bool) (canon lift (core func $guest "waited"))))
