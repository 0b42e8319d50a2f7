;; An atomic access with an ordering of its own belongs to threads that share everything.
(module
  (global $g (mut i32) (i32.const 0))
  (func (export "wizer-initialize") (drop (global.atomic.get acq_rel $g))))
