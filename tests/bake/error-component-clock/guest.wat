;; A wait for the clock that is alive after init.
;; allow-wasi
(component
  (import "wasi:io/poll@0.2.0" (instance $poll (export "pollable" (type (sub resource)))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (alias outer 1 $pollable (type $pollable'))
    (export "pollable" (type $pollable (eq $pollable')))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core module $guest
    (import "" "subscribe" (func $subscribe (param i64) (result i32)))
    (func (export "init") (drop (call $subscribe (i64.const 9)))))
  (core instance $guest (instantiate $guest (with "" (instance (export "subscribe" (func $subscribe))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init"))))
