;; Tables without null: changed, grown from nothing, and left alone.
(module
  (type $t (func (result i32)))
  (table $changed (export "changed") 2 (ref $t) (ref.func $one))
  (table $empty (export "empty") 0 (ref $t) (ref.func $one))
  (table $untouched (export "untouched") 2 (ref $t) (ref.func $two))
  (table $still-empty (export "still-empty") 0 5 (ref $t) (ref.func $two))
  (func $one (type $t) (i32.const 1))
  (func $two (type $t) (i32.const 2))
  (func (export "grow") (drop (table.grow $still-empty (ref.func $two) (i32.const 1))))
  (func (export "wizer-initialize")
    (table.set $changed (i32.const 1) (ref.func $two))
    (drop (table.grow $empty (ref.func $two) (i32.const 1)))))
