;; A component that is never instantiated, and names an export that nothing else does.
;; init: init
;; call: a()
(component
  (core module $m
    (global (mut i32) (i32.const 0))
    (func (export "init") (global.set 0 (i32.const 4)))
    (func (export "a") (result i32) (global.get 0))
    (func (export "b") (result i32) (global.get 0)))
  (component $never
    (alias outer 1 $m (core module $mm))
    (core instance $i (instantiate $mm))
    (func (export "b") (result u32) (canon lift (core func $i "b"))))
  (core instance $i (instantiate $m))
  (func (export "init") (canon lift (core func $i "init")))
  (func (export "a") (result u32) (canon lift (core func $i "a"))))
