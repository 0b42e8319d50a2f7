;; max-memory: 1048576
;; timeout: 5
(module
  (type $list (struct (field (ref null $list))))
  (func $init (export "wizer-initialize")
    (local (ref null $list))
    (loop (local.set 0 (struct.new $list (local.get 0))) (br 0))))
