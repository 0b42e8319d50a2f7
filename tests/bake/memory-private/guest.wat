;; State that the guest does not export is baked all the same.
;; call: get()
(module
  (memory 1)
  (global $count (mut i32) (i32.const 1))
  (func (export "get") (result i32) (i32.add (global.get $count) (i32.load (i32.const 40))))
  (func (export "wizer-initialize")
    (global.set $count (i32.const 20))
    (i32.store (i32.const 40) (i32.const 22))))
