;; max-table-elements: 100
(module
  (table 101 funcref)
  (func (export "wizer-initialize")))
