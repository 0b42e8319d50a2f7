;; What an immutable global refers to can be changed all the same.
;; call: get()
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field (mut i32))))
  (global $g (export "g") (ref $s) (struct.new $s (i32.const 1)))
  (global $unchanged (export "h") i31ref (ref.i31 (i32.const 1)))
  (func (export "get") (result i32) (struct.get $s 0 (global.get $g)))
  (func (export "wizer-initialize") (struct.set $s 0 (global.get $g) (i32.const 2))))
