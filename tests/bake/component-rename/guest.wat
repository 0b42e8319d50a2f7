;; Two exports swap their names, a third takes that of one that goes, and the init function stays under another name.
;; init: init
;; rename: first=second
;; rename: second=first
;; rename: spare=third
;; rename: again=init
;; rename: itself=itself
;; call: first()
;; call: spare()
(component
  (core module $guest
    (global $state (mut i32) (i32.const 0))
    (func (export "init") (global.set $state (i32.add (global.get $state) (i32.const 5))))
    (func (export "first") (result i32) (i32.add (global.get $state) (i32.const 10)))
    (func (export "second") (result i32) (i32.add (global.get $state) (i32.const 20)))
    (func (export "third") (result i32) (i32.add (global.get $state) (i32.const 30)))
  (func (export "spare") (result i32) (i32.const 40)))
  (core instance $guest (instantiate $guest))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "first") (result u32) (canon lift (core func $guest "first")))
  (func (export "second") (result u32) (canon lift (core func $guest "second")))
  (func (export "third") (result u32) (canon lift (core func $guest "third")))
  (func (export "itself") (result u32) (canon lift (core func $guest "spare")))
  (func (export "spare") (result u32) (canon lift (core func $guest "spare"))))
