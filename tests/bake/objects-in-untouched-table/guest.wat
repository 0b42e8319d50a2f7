;; So can what is in a table that no instruction changes; all its slots share one object.
;; call: get() set(5) get()
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field (mut i32))))
  (table (export "table") 2 (ref $s) (struct.new $s (i32.const 1)))
  (func (export "get") (result i32) (struct.get $s 0 (table.get (i32.const 1))))
  (func (export "set") (param i32) (struct.set $s 0 (table.get (i32.const 0)) (local.get 0)))
  (func (export "wizer-initialize")
    (struct.set $s 0 (table.get (i32.const 0)) (i32.const 2))))
