(module
  (global $n (mut i32) (i32.const 0))
  (func $start (global.set $n (i32.add (global.get $n) (i32.const 10))))
  (start $start)
  (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "peek") (result i32) (global.get $n)))
