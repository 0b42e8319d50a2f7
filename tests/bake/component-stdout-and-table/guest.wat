;; A held stream, a function of another instance in a table, and one in a global: two modules at the end, behind one that is there
;; twice now.
;; allow-wasi
;; init: init
;; call: get(0) held() next()
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream))
    (export "output-stream" (type $output-stream (eq $stream)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core func $out (canon lower (func $stdout "get-stdout")))
  (core module $owner
    (table (export "table") 2 funcref)
    (global (export "global") (mut funcref) (ref.null func))
    (func (export "get") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
  (core module $guest
    (import "" "out" (func $out (result i32)))
    (import "owner" "table" (table 1 funcref))
    (import "owner" "global" (global $global (mut funcref)))
    (global $held (mut i32) (i32.const 0))
    (elem declare func $seven)
    (func $seven (result i32) (i32.const 7))
    (func (export "init")
      (global.set $held (call $out))
      (global.set $global (ref.func $seven))
      (table.set (i32.const 0) (ref.func $seven)))
    (func (export "held") (result i32) (global.get $held))
    (func (export "next") (result i32) (call $out)))
  (core instance $owner (instantiate $owner))
  (core instance $guest (instantiate $guest
    (with "" (instance (export "out" (func $out)))) (with "owner" (instance $owner))))
  (core instance $other (instantiate $guest
    (with "" (instance (export "out" (func $out)))) (with "owner" (instance $owner))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "get") (param "n" u32) (result u32) (canon lift (core func $owner "get")))
  (func (export "held") (result u32) (canon lift (core func $guest "held")))
  (func (export "next") (result u32) (canon lift (core func $other "next"))))
