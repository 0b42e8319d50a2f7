;; One that init drops, one that it does not use, and one that names a global.
;; call: copy() get()
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field (mut i32))))
  (table $t (export "t") 3 (ref null $s))
  (global $g (export "g") (ref $s) (struct.new $s (i32.const 1)))
  (elem $dropped (ref $s) (struct.new $s (i32.const 1)))
  (elem $unused (ref $s) (struct.new $s (i32.const 4)))
  (elem $global (ref $s) (global.get $g))
  (func (export "copy")
    (table.init $t $unused (i32.const 1) (i32.const 0) (i32.const 1))
    (table.init $t $global (i32.const 2) (i32.const 0) (i32.const 1)))
  (func (export "get") (result i32) (struct.get $s 0 (table.get $t (i32.const 2))))
  (func (export "wizer-initialize")
    (table.init $t $dropped (i32.const 0) (i32.const 0) (i32.const 1))
    (elem.drop $dropped)
    (struct.set $s 0 (global.get $g) (i32.const 3))
    (struct.set $s 0 (table.get $t (i32.const 0)) (i32.const 2))))
