;; A resource whose destructor is a core function behind the init function's, so that its index moves.
;; init: init
;; call: make() get()
(component
  (core module $m
    (global $dropped (mut i32) (i32.const 0))
    (func (export "init"))
    (func (export "dtor") (param i32) (global.set $dropped (local.get 0)))
    (func (export "wrong") (param i32) (global.set $dropped (i32.const -1)))
    (func (export "get") (result i32) (global.get $dropped)))
  (core instance $m (instantiate $m))
  (alias core export $m "init" (core func $init))
  (alias core export $m "dtor" (core func $dtor))
  (alias core export $m "wrong" (core func $wrong))
  (type $r (resource (rep i32) (dtor (func $dtor))))
  (core func $new (canon resource.new $r))
  (core func $drop (canon resource.drop $r))
  (core module $g
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "make") (call $drop (call $new (i32.const 9)))))
  (core instance $g (instantiate $g (with "" (instance
    (export "new" (func $new))
    (export "drop" (func $drop))))))
  (func (export "init") (canon lift (core func $init)))
  (func (export "make") (canon lift (core func $g "make")))
  (func (export "get") (result u32) (canon lift (core func $m "get"))))
