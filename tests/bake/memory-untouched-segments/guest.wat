;; Segments that overlap, that are empty, that stand at a computed place: one image.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (memory (export "memory") 1 1)
  (global $at i32 (i32.const 4))
  (data (i32.const 0) "abcdef")
  (data (offset (global.get $at)) "XY")
  (data (i32.const 65536) "")
  (func (export "wizer-initialize")))
