;; Init calls imports of an interface and of the world that answer with zero while it runs. The output calls them as before.
;; import: test:shop/prices@1.0.0.lookup=zero
;; import: log=zero
;; warning: init called the import `log` (1x), which was answered with zero by `--import`: each instance sees what init made of that
;; warning: init called the import `test:shop/prices@1.0.0` `lookup` (2x), which was answered with zero by `--import`: each instance sees what init made of that
;; call: get() ask(3)
(component
  (import "test:shop/prices@1.0.0" (instance $prices (export "lookup" (func (param "n" u32) (result u32)))))
  (import "log" (func $log (param "n" u32)))
  (core func $lookup (canon lower (func $prices "lookup")))
  (core func $log (canon lower (func $log)))
  (core module $guest
    (import "" "lookup" (func $lookup (param i32) (result i32)))
    (import "" "log" (func $log (param i32)))
    (global $sum (mut i32) (i32.const 5))
    (func (export "init")
      (call $log (i32.const 7))
      (global.set $sum (i32.add (global.get $sum) (i32.add (call $lookup (i32.const 1)) (call $lookup (i32.const 2))))))
    (func (export "get") (result i32) (global.get $sum))
    (func (export "ask") (param i32) (result i32) (call $log (local.get 0)) (call $lookup (local.get 0))))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "lookup" (func $lookup))
    (export "log" (func $log))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "get") (result u32) (canon lift (core func $guest "get")))
  (func (export "ask") (param "n" u32) (result u32) (canon lift (core func $guest "ask"))))
