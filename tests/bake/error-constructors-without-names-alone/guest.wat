;; The only export may be the wrapper of a function: it begins with the first function, which is a list of calls, as the linker makes constructors.
(module
  (global (mut i32) (i32.const 0))
  (func (call 1))
  (func (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func (export "wizer-initialize") (call 0) (call 3))
  (func (global.set 0 (i32.mul (global.get 0) (i32.const 10)))))
