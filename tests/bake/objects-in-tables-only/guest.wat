;; Shared by slots of a table, in a module that has no global.
;; call: set(7)
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field (mut i32))))
  (table (export "table") 3 (ref null $s))
  (func (export "set") (param i32) (struct.set $s 0 (table.get (i32.const 0)) (local.get 0)))
  (func (export "wizer-initialize") (table.fill (i32.const 0) (struct.new $s (i32.const 3)) (i32.const 2))))
