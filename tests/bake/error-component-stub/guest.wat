;; stub: wasi_snapshot_preview1.*
(component
  (core module $m (global (mut i32) (i32.const 0)) (func (export "init") (global.set 0 (i32.const 1))))
  (core instance $m (instantiate $m))
  (func (export "wizer-initialize") (canon lift (core func $m "init"))))
