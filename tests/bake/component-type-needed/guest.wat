;; An init function whose export gives another export its type: it stays.
;; init: init({a:3})
;; call: get()
;; warning: `init` stays exported, since hosts bind an exported instance as a whole, or another export needs its type
(component
  (core module $m (global $n (mut i32) (i32.const 0)) (func (export "init") (param i32) (global.set $n (local.get 0))) (func (export "get") (result i32) (global.get $n)))
  (core instance $m (instantiate $m))
  (type $rec (record (field "a" u32)))
  (func $f (param "r" $rec) (canon lift (core func $m "init")))
  (export $rec2 "rec" (type $rec))
  (export $e "init" (func $f) (func (param "r" $rec2)))
  (export "again" (func $e))
  (func (export "get") (result u32) (canon lift (core func $m "get"))))
