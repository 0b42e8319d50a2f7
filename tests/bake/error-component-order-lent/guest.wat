;; A handle of the host is lent four times at once to another component, which gives back in another order than the reverse.
;; allow-wasi
;; init: init
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $os))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $os (type $os'))
    (export "output-stream" (type $o (eq $os')))
    (export "get-stdout" (func (result (own $o))))))
  (component $borrower
    (import "os" (type $os (sub resource)))
    (import "get" (func $get (result (own $os))))
    (core func $get (canon lower (func $get)))
    (core func $drop (canon resource.drop $os))
    (core module $m
      (import "" "get" (func $get (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "take") (param i32 i32 i32 i32)
        (call $drop (local.get 2)) (call $drop (local.get 3)) (call $drop (local.get 1)) (call $drop (local.get 0)))
      (func (export "next") (result i32) (call $get)))
    (core instance $m (instantiate $m (with "" (instance (export "get" (func $get)) (export "drop" (func $drop))))))
    (func (export "take") (param "a" (borrow $os)) (param "b" (borrow $os)) (param "c" (borrow $os)) (param "d" (borrow $os))
      (canon lift (core func $m "take")))
    (func (export "next") (result u32) (canon lift (core func $m "next"))))
  (instance $b (instantiate $borrower (with "os" (type $os)) (with "get" (func $stdout "get-stdout"))))
  (component $lender
    (import "os" (type $os (sub resource)))
    (import "get" (func $get (result (own $os))))
    (import "take" (func $take (param "a" (borrow $os)) (param "b" (borrow $os)) (param "c" (borrow $os)) (param "d" (borrow $os))))
    (core func $get (canon lower (func $get)))
    (core func $take (canon lower (func $take)))
    (core func $drop (canon resource.drop $os))
    (core module $m
      (import "" "get" (func $get (result i32)))
      (import "" "take" (func $take (param i32 i32 i32 i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "init") (local i32)
        (local.set 0 (call $get))
        (call $take (local.get 0) (local.get 0) (local.get 0) (local.get 0))
        (call $drop (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "get" (func $get)) (export "take" (func $take)) (export "drop" (func $drop))))))
    (func (export "init") (canon lift (core func $m "init"))))
  (instance $l (instantiate $lender
    (with "os" (type $os)) (with "get" (func $stdout "get-stdout")) (with "take" (func $b "take"))))
  (export "init" (func $l "init"))
  (export "next" (func $b "next")))
