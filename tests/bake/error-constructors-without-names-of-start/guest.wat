;; A `_start` without names, that is not the libc's: it calls first what looks as the linker makes constructors.
(module
  (global (mut i32) (i32.const 0))
  (func (call 1))
  (func (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func (export "wizer-initialize") (global.set 0 (i32.mul (global.get 0) (i32.const 10))))
  (func (export "_start") (call 0) (drop (call 4)))
  (func (result i32) (global.get 0))
  (func (export "get") (result i32) (global.get 0)))
