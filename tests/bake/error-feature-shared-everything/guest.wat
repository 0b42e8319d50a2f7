;; A global that threads share.
(module
  (global $g (shared mut i32) (i32.const 0))
  (func (export "wizer-initialize")))
