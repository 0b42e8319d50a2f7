;; Winch has no tail calls, and may not be replaced by the compiler that has.
;; compiler: winch
(module
  (func $init (export "wizer-initialize") (return_call $init)))
