;; Two instances of one module that differ after init.
(component
  (core module $guest
    (global $n (mut i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5)))
    (func (export "get") (result i32) (global.get $n)))
  (core instance $one (instantiate $guest))
  (core instance $two (instantiate $guest))
  (func (export "wizer-initialize") (canon lift (core func $one "init")))
  (func (export "get") (result u32) (canon lift (core func $two "get"))))
