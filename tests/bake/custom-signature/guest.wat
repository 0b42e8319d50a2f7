;; A signature is one of other bytes.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
;; warning: left out of the baked module, since what it says of the code would be wrong there: `signature`
(module
  (@custom "signature" (before first) "\01\02\03")
  (memory (export "memory") 1)
  (func (export "wizer.initialize") (i32.store (i32.const 0) (i32.const 1))))
