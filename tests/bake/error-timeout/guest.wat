;; timeout: 0.2
(module
  (func $init (export "wizer-initialize") (loop (br 0))))
