(module
  (func $inner (drop (i32.div_u (i32.const 1) (i32.const 0))))
  (func $_ZN5guest4init17h0123456789abcdefE (call $inner))
  (func $init (export "wizer-initialize") (call $_ZN5guest4init17h0123456789abcdefE)))
