;; Init looks into references that are its own, though they have the types of imported ones.
;; answer: found() => i32 7
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct))
  (import "h" "a" (global $a externref))
  (import "h" "f" (global $f funcref))
  (global $cache (mut externref) (ref.null extern))
  (global $kept (export "kept") (mut externref) (ref.null extern))
  (global $found (mut i32) (i32.const 0))
  (table 1 funcref)
  (func $note (param i32) (global.set $found (i32.or (global.get $found) (local.get 0))))
  (elem declare func $note)
  (func (export "wizer.initialize")
    (global.set $kept (global.get $a))
    (if (ref.is_null (global.get $cache)) (then (call $note (i32.const 1))))
    (global.set $cache (extern.convert_any (struct.new $s)))
    (if (ref.test (ref $s) (any.convert_extern (global.get $cache))) (then (call $note (i32.const 2))))
    (if (i32.eqz (ref.is_null (ref.func $note))) (then (call $note (i32.const 4))))
    (drop (br_on_null 0 (any.convert_extern (global.get $cache)))))
  (func (export "found") (result i32) (global.get $found)))
