;; There is no zero of what a function returns, so no answer is offered where it is called.
(module
  (import "env" "make" (func $make (result (ref extern))))
  (func (export "wizer-initialize") (if (i32.const 1) (then (drop (call $make))))))
