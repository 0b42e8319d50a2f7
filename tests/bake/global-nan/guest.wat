;; The bits of a NaN survive, those of a signalling one too.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (global (export "f32") (mut f32) (f32.const 0))
  (global (export "f32-negative") (mut f32) (f32.const 0))
  (global (export "f64") (mut f64) (f64.const 0))
  (global (export "f64-initial") (mut f64) (f64.const nan:0x4))
  (global (export "immutable") f32 (f32.const nan:0x5))
  (func (export "wizer-initialize")
    (global.set 0 (f32.const nan:0x1))
    (global.set 1 (f32.const -nan:0x200001))
    (global.set 2 (f64.const -nan:0x4000000000001))))
