;; Resources that init makes and drops, the last one first, so that later handles have the numbers that they would have anyway.
;; call: next() next()
(component
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core func $drop (canon resource.drop $r))
  (core module $guest
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $made (mut i32) (i32.const 0))
    (func (export "init") (local i32 i32)
      (local.set 0 (call $new (i32.const 7)))
      (local.set 1 (call $new (i32.const 8)))
      (call $drop (local.get 1)) (call $drop (local.get 0))
      (global.set $made (i32.const 2)))
    (func (export "next") (result i32)
      (i32.add (i32.mul (global.get $made) (i32.const 100)) (call $new (i32.const 9)))))
  (core instance $guest (instantiate $guest
    (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "wizer-initialize") (canon lift (core func $guest "init")))
  (func (export "next") (result u32) (canon lift (core func $guest "next"))))
