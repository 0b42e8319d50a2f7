;; timeout: 0.2
(module
  (func $start (loop (br 0)))
  (start $start)
  (func (export "wizer-initialize")))
