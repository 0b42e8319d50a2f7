(module
  (global $n (mut i32) (i32.const 0))
  (func (export "count") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
