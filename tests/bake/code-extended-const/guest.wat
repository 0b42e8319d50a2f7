;; Offsets and initialisers that are computed.
(module
  (memory (export "memory") 1)
  (table (export "table") 4 funcref)
  (global $base i32 (i32.const 1))
  (global (export "g") (mut i32) (i32.mul (i32.add (global.get $base) (i32.const 2)) (i32.const 5)))
  (data (offset (i32.add (global.get $base) (i32.const 2))) "abc")
  (elem (offset (i32.add (global.get $base) (i32.const 2))) func $f)
  (func $f (result i32) (i32.const 1))
  (func (export "wizer-initialize")
    (table.set (i32.const 0) (table.get (i32.const 3)))
    (i32.store8 (i32.const 3) (i32.const 0x41))))
