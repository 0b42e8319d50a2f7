;; A structure that describes another.
(module
  (rec
    (type $s (descriptor $d) (struct))
    (type $d (describes $s) (struct)))
  (func (export "wizer-initialize")))
