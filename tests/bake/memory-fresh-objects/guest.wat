;; Objects that are shared have the module written anew, and its fresh memory is fresh in that as well.
;; import: env.memory=fresh
;; call: load()
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field (mut i32))))
  (import "env" "memory" (memory 1))
  (data (i32.const 0) "gone")
  (global $a (export "a") (mut (ref null $s)) (ref.null $s))
  (global $b (export "b") (mut (ref null $s)) (ref.null $s))
  (func (export "load") (result i32)
    (struct.set $s 0 (global.get $a) (i32.const 9))
    (i32.add (i32.load (i32.const 0)) (struct.get $s 0 (global.get $b))))
  (func (export "wizer-initialize")
    (i32.store (i32.const 0) (i32.const 5))
    (global.set $a (struct.new $s (i32.const 7)))
    (global.set $b (global.get $a))))
