;; The host may give one tag for both, and then the other handler catches.
(module
  (import "env" "one" (tag $one))
  (import "env" "two" (tag $two))
  (global $caught (mut i32) (i32.const 0))
  (func $init (export "wizer-initialize")
    (block $second
      (block $first
        (try_table (catch $one $first) (catch $two $second) (throw $two)))
      (global.set $caught (i32.const 1))
      (return))
    (global.set $caught (i32.const 2))))
