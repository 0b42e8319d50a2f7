(module
  (func $down (export "wizer-initialize") (call $down)))
