;; So can what is in a table that no instruction changes.
(module
  (type $s (struct (field (mut i32))))
  (table 2 (ref $s) (struct.new $s (i32.const 1)))
  (func (export "wizer-initialize")
    (struct.set $s 0 (table.get (i32.const 0)) (i32.const 2))))
